import json

from flask import Flask, request
from werkzeug.exceptions import BadRequest, HTTPException, NotFound

app = Flask(__name__)
with app.open_resource("degrees.json") as file:
    BY_ID = {record["id"]: record for record in json.load(file)}


def count(text):
    number = int(text)
    if number < 0:
        raise ValueError(text)
    return number


@app.route("/degrees")
def listing():
    chosen = list(BY_ID.values())
    try:
        if "start" in request.args:
            chosen = chosen[count(request.args["start"]) :]
        if "limit" in request.args:
            chosen = chosen[: count(request.args["limit"])]
    except ValueError as error:
        raise BadRequest("start and limit are whole numbers from 0 on") from error
    return chosen, 200, {"Cache-Control": "no-store"}


@app.route("/degrees/<int:key>")
def single(key):
    try:
        return BY_ID[key]
    except KeyError:
        raise NotFound(f"{key} is unknown") from None


@app.errorhandler(HTTPException)
def as_json(error):
    response = error.get_response()
    response.data = json.dumps({"error": error.name, "detail": error.description})
    response.content_type = "application/json"
    return response
