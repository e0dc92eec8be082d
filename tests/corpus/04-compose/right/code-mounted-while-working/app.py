"""The guest book of a lighthouse: who came by, in the order of their coming."""

import os

import redis
from flask import Flask, Response, request

app = Flask(__name__)
lighthouse = os.environ["LIGHTHOUSE"]
store = redis.Redis(host=os.environ["STORE_HOST"], decode_responses=True)


def text(words):
    """An answer that no browser takes for HTML: the names come from outside."""
    return Response(words, mimetype="text/plain")


@app.get("/")
def front():
    return text(f"Guest book of {lighthouse}\n")


@app.post("/guests")
def sign():
    store.rpush("guests", request.form["name"])
    return text("Welcome aboard.\n")


@app.get("/guests")
def guests():
    return text("".join(f"{name}\n" for name in store.lrange("guests", 0, -1)))
