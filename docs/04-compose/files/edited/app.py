"""Counts the ships that come into a harbor."""

import os

import redis
from flask import Flask

app = Flask(__name__)
harbor = os.environ["HARBOR"]
store = redis.Redis(host=os.environ["STORE_HOST"], decode_responses=True)


@app.get("/")
def ships():
    return f"Ships at anchor in {harbor}: {store.get('ships') or 0}\n"


@app.post("/ships")
def arrive():
    return f"Ships in {harbor}: {store.incr('ships')}\n"
