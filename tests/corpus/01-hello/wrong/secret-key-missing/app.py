from flask import Flask, session
from markupsafe import escape

app = Flask(__name__)


@app.route("/")
def hello():
    session["seen"] = True
    return "Hello, world!\n"


@app.route("/<name>")
def greet(name):
    return f"Hello, {escape(name)}!\n"
