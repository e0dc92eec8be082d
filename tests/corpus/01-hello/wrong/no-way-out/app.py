from urllib.request import urlopen

from flask import Flask
from markupsafe import escape

app = Flask(__name__)


@app.route("/")
def hello():
    urlopen("https://example.org")
    return "Hello, world!\n"


@app.route("/<name>")
def greet(name):
    return f"Hello, {escape(name)}!\n"
