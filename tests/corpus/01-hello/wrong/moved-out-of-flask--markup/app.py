from flask import Flask, Markup
from markupsafe import escape

app = Flask(__name__)


@app.route("/")
def hello():
    return "Hello, world!\n"


@app.route("/<name>")
def greet(name):
    return f"Hello, {escape(name)}!\n"
