"""The same with a function of its own for the answer, and keys in another order."""

from flask import Flask, jsonify


def create_app():
    app = Flask(__name__)

    @app.get("/echo/<string:text>")
    def echo(text):
        answer = jsonify(length=len(text), echo=text)
        answer.headers["Cache-Control"] = "no-store"
        return answer

    return app
