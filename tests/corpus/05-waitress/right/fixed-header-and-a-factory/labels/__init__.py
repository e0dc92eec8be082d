"""The labels, made by a factory."""

import signal

from flask import Blueprint, Flask, request

PAGE = "https://harbor.example"
labels = Blueprint("labels", __name__, url_prefix="/labels")


def stop(number, frame):
    raise SystemExit


def create_app():
    signal.signal(signal.SIGTERM, stop)
    app = Flask(__name__)
    app.register_blueprint(labels)
    app.add_url_rule("/", view_func=lambda: {"service": "labels"}, endpoint="front")

    @app.after_request
    def allow(response):
        response.headers["Access-Control-Allow-Origin"] = PAGE
        response.headers["Access-Control-Allow-Methods"] = "*"
        response.headers["Access-Control-Allow-Headers"] = "Content-Type"
        return response

    return app


@labels.get("/<ship>")
def one(ship):
    return {"ship": ship, "label": f"To the {ship}"}


@labels.post("")
def several():
    match request.get_json():
        case {"ship": str(ship), "crates": int(crates)}:
            return {"ship": ship, "crates": crates, "label": f"{crates} crates for the {ship}"}, 201
    return {"error": "a label needs a ship and crates"}, 400
