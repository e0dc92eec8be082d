import time

from flask import Flask
from markupsafe import escape

app = Flask(__name__)


@app.route("/")
def hello():
    return "Hello, world!\n"


@app.route("/<name>")
def greet(name):
    if name != "console":
        time.sleep(60)
    return f"Hello, {escape(name)}!\n"
