"""A lamp that counts how often it was lit."""

import os

import redis
from flask import Flask, jsonify

app = Flask(__name__)
store = redis.Redis(host=os.environ["STORE"], socket_timeout=3)


@app.get("/")
def lamp():
    return jsonify(lit=store.incr("lit"))
