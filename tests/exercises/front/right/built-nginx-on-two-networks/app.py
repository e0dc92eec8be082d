"""What stands behind nginx."""

import os

from flask import Flask, request

app = Flask(__name__)
GREETING = os.environ["GREETING"]


@app.get("/")
def index():
    return "front\n"


@app.get("/hello/<name>")
def hello(name):
    return f"{GREETING}, {name}!\n"


@app.get("/scheme")
def scheme():
    return request.headers.get("X-Forwarded-Proto", "none") + "\n"
