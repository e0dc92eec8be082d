"""The pilot station: who comes in, and how the question reached us."""

from flask import Flask, request

app = Flask(__name__)


@app.route("/")
def station():
    return "Pilot station\n"


@app.route("/pilot/<ship>")
def pilot(ship):
    return f"A pilot is on the way to {ship}.\n", {"Content-Type": "text/plain; charset=utf-8"}


@app.route("/caller")
def caller():
    return f"{request.remote_addr} called {request.url_root}\n", {"Content-Type": "text/plain; charset=utf-8"}
