import os

from sqlalchemy import create_engine
from flask import Flask
from markupsafe import escape

engine = create_engine("mysql+pymysql://crew:ship@db/hold")
engine.connect()
app = Flask(__name__)


@app.route("/")
def hello():
    return "Hello, world!\n"


@app.route("/<name>")
def greet(name):
    return f"Hello, {escape(name)}!\n"
