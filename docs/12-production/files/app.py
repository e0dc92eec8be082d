"""A tide gauge: how high the water stands, as JSON."""

import os

import psycopg
from flask import Flask, jsonify

DATABASE_URL = os.environ["DATABASE_URL"]

app = Flask(__name__)


def ask(question):
    with psycopg.connect(DATABASE_URL, connect_timeout=5) as connection:
        return connection.execute(question).fetchone()[0]


@app.get("/")
def tide():
    return jsonify(meters=ask("SELECT round((2 + 1.5 * sin(extract(epoch FROM now()) / 7117))::numeric, 2)::float"))


@app.get("/survey")
def survey():
    """A long calculation: two seconds of it."""
    return jsonify(survey=ask("SELECT 'complete' FROM pg_sleep(2)"))


@app.get("/health")
def health():
    try:
        ask("SELECT 1")
    except psycopg.Error:
        return jsonify(database="does not answer"), 503
    return jsonify(database="answers")
