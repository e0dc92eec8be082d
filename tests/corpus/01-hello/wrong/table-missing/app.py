import sqlite3

from flask import Flask
from markupsafe import escape

app = Flask(__name__)


@app.route("/")
def hello():
    sqlite3.connect("hello.db").execute("SELECT name FROM guest")
    return "Hello, world!\n"


@app.route("/<name>")
def greet(name):
    return f"Hello, {escape(name)}!\n"
