"""Counts words in Postgres."""

import os

import psycopg
from flask import Flask

app = Flask(__name__)


def connect():
    return psycopg.connect(os.environ["DATABASE_URL"])


@app.get("/")
def index():
    return "counter\n"


@app.post("/count/<word>")
def count(word):
    with connect() as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS counter (word text PRIMARY KEY, times integer NOT NULL)")
        row = connection.execute(
            "INSERT INTO counter VALUES (%s, 1) ON CONFLICT (word) DO UPDATE SET times = counter.times + 1 RETURNING times",
            [word],
        ).fetchone()
    return f"{row[0]}\n"


@app.get("/count/<word>")
def times(word):
    with connect() as connection:
        row = connection.execute("SELECT times FROM counter WHERE word = %s", [word]).fetchone()
    return f"{row[0] if row else 0}\n"
