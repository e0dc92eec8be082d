import time

from flask import Flask
from markupsafe import escape

app = Flask(__name__)


@app.route("/")
def hello():
    time.sleep(60)
    return "Hello, world!\n"


@app.route("/<name>")
def greet(name):
    time.sleep(60)
    return f"Hello, {escape(name)}!\n"
