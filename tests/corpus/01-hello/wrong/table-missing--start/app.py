import sqlite3

from flask import Flask
from markupsafe import escape

sqlite3.connect("hello.db").execute("SELECT name FROM guest")
app = Flask(__name__)


@app.route("/")
def hello():
    return "Hello, world!\n"


@app.route("/<name>")
def greet(name):
    return f"Hello, {escape(name)}!\n"
