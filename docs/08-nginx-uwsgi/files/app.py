from flask import Flask, request
from markupsafe import escape

app = Flask(__name__)


@app.route("/")
def lamp():
    return "The lamp is lit.\n"


@app.route("/hail/<ship>")
def hail(ship):
    return f"{escape(ship)}, you are seen from {request.host}.\n"
