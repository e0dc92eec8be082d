import sqlite3

from flask import Flask
from markupsafe import escape

sqlite3.connect("/data/hello.db").execute("CREATE TABLE IF NOT EXISTS guest (name TEXT)")
app = Flask(__name__)


@app.route("/")
def hello():
    return "Hello, world!\n"


@app.route("/<name>")
def greet(name):
    return f"Hello, {escape(name)}!\n"
