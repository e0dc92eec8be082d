import json
import os

from flask import Blueprint, jsonify, request

blueprint = Blueprint("degrees", __name__)
DATA = os.environ["DATA_FILE"]


class BadNumber(Exception):
    pass


@blueprint.errorhandler(BadNumber)
def bad_number(error):
    response = jsonify({"error": str(error), "status": 400})
    response.status_code = 400
    return response


def records():
    # Read for each request: a mounted file may change.
    with open(DATA, encoding="utf-8") as file:
        return json.load(file)


def number(name):
    text = request.args.get(name)
    if text is None:
        return None
    if not text.isdigit():
        raise BadNumber(f"{name}={text} is no whole number from 0 on")
    return int(text)


@blueprint.route("", methods=["GET"])
def index():
    found = records()[number("start") or 0 :]
    limit = number("limit")
    return jsonify(found if limit is None else found[:limit])


@blueprint.route("/<ident>", methods=["GET"])
def one(ident):
    for each in records():
        if str(each["id"]) == ident:
            return jsonify(each)
    return jsonify(error=f"no degrees {ident}"), 404
