import signal
import sys

from flask import Flask, abort, jsonify, request
from waitress import serve

app = Flask(__name__)


@app.after_request
def add_access_control_headers(response):
    response.headers["Vary"] = "Origin"
    if request.headers.get("Origin") in {"https://harbor.example"}:
        response.headers.update(
            {
                "Access-Control-Allow-Origin": request.headers["Origin"],
                "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS, POST",
                "Access-Control-Allow-Headers": "content-type, accept",
                "Access-Control-Max-Age": "600",
            }
        )
    return response


@app.route("/")
def hello_world():
    return {"message": "Labels for crates"}


@app.route("/labels/<string:ship>", methods=["GET"])
def label(ship):
    return jsonify(ship=ship, label="To the " + ship)


@app.route("/labels", methods=["POST"])
def new_label():
    body = request.get_json(force=False)
    try:
        ship, crates = body["ship"], body["crates"]
    except (KeyError, TypeError):
        abort(400)
    return jsonify(ship=ship, crates=crates, label="%s crates for the %s" % (crates, ship)), 201


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(0))
    serve(app, host="0.0.0.0", port=8080, threads=8)
