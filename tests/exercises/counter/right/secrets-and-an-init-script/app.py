"""Counts words in Postgres."""

import os

import psycopg
from flask import Flask

app = Flask(__name__)


with open(os.environ["PASSWORD_FILE"], encoding="utf-8") as file:
    PASSWORD = file.read().strip()


def connect():
    return psycopg.connect(host=os.environ["PGHOST"], user="counter", dbname="counter", password=PASSWORD)


@app.get("/")
def index():
    return "counter\n"


@app.post("/count/<word>")
def count(word):
    with connect() as connection:
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
