"""Answers questions about degrees, in JSON."""

from flask import Flask

app = Flask(__name__)

# TODO: read the records from degrees.json, which lies beside this file.
RECORDS = []


@app.get("/degrees")
def degrees():
    # TODO: ?start=N leaves out the first N records, ?limit=M answers with M at most.
    # TODO: what is no whole number from 0 on gets the status 400.
    return RECORDS


# TODO: /degrees/<id> answers with the record that has this id, or with the status 404.
# TODO: errors are JSON as well: {"error": "what was wrong"}
