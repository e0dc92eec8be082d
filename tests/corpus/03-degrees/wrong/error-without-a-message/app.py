"""Answers questions about degrees, in JSON."""

import json
from pathlib import Path

from flask import Flask, abort, request
from werkzeug.exceptions import HTTPException

app = Flask(__name__)

# Beside this file, wherever the app is started from.
RECORDS = json.loads((Path(__file__).parent / "degrees.json").read_text(encoding="utf-8"))


@app.get("/degrees")
def degrees():
    start = whole_number("start", 0)
    limit = whole_number("limit", len(RECORDS))
    return RECORDS[start : start + limit]


@app.get("/degrees/<int:number>")
def degree(number):
    for record in RECORDS:
        if record["id"] == number:
            return record
    abort(404, description=f"There is no record {number}.")


@app.errorhandler(HTTPException)
def failed(error):
    return {"message": error.description}, error.code


def whole_number(name, default):
    text = request.args.get(name)
    if text is None:
        return default
    try:
        number = int(text)
    except ValueError:
        abort(400, description=f"{name} must be a whole number.")
    if number < 0:
        abort(400, description=f"{name} must be 0 or more.")
    return number
