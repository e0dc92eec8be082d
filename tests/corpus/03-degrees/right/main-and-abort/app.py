import json
import os

from flask import Flask, Response, abort, jsonify, make_response, request

app = Flask(__name__)
HERE = os.path.dirname(os.path.abspath(__file__))


def load():
    with open(os.path.join(HERE, "degrees.json")) as f:
        return json.load(f)


def bad(message, code):
    abort(make_response(jsonify(error=message), code))


@app.route("/degrees", methods=["GET"])
def get_degrees():
    data = load()
    start = request.args.get("start", "0")
    limit = request.args.get("limit", str(len(data)))
    for name, value in {"start": start, "limit": limit}.items():
        if not (value.isascii() and value.isdecimal()):
            bad(f"Invalid {name} parameter; {name} must be a non-negative integer.", 400)
    result = []
    for place, record in enumerate(data):
        if place >= int(start) and len(result) < int(limit):
            result.append(record)
    return Response(json.dumps(result), mimetype="application/json")


@app.route("/degrees/<id>", methods=["GET"])
def get_degree(id):
    matching = [d for d in load() if id == str(d["id"])]
    if not matching:
        return {"error": "no such id"}, 404
    return matching[0]


@app.errorhandler(404)
def not_found(e):
    return e if e.response is not None else ({"error": "no such page"}, 404)


if __name__ == "__main__":
    app.run(host="0.0.0.0")
