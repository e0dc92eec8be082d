import sqlite3

from flask import Flask
from markupsafe import escape

app = Flask(__name__)


@app.route("/")
def hello():
    sqlite3.connect("/data/hello.db").execute("CREATE TABLE IF NOT EXISTS guest (name TEXT)")
    return "Hello, world!\n"


@app.route("/<name>")
def greet(name):
    return f"Hello, {escape(name)}!\n"
