"""Answers questions about degrees, in JSON."""

import json

from flask import Flask, abort, request
from werkzeug.exceptions import HTTPException

app = Flask(__name__)

# Beside this file, wherever the app is started from.
RECORDS = json.loads("""[
  {"id": 0, "year": 2019, "field": "navigation", "degrees": 214},
  {"id": 1, "year": 2019, "field": "shipbuilding", "degrees": 98},
  {"id": 2, "year": 2020, "field": "navigation", "degrees": 187},
  {"id": 3, "year": 2020, "field": "shipbuilding", "degrees": 105},
  {"id": 4, "year": 2021, "field": "navigation", "degrees": 233},
  {"id": 5, "year": 2021, "field": "oceanography", "degrees": 61}
]
""")


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
    return {"error": error.description}, error.code


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
