"""Books amounts in MySQL."""

import os
import time

import mysql.connector
from flask import Flask, request

app = Flask(__name__)


def connect():
    return mysql.connector.connect(
        host=os.environ["MYSQL_HOST"],
        user=os.environ["MYSQL_USER"],
        password=os.environ["MYSQL_PASSWORD"],
        database=os.environ["MYSQL_DATABASE"],
        autocommit=True,
    )


def make_tables():
    with connect() as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS entry (account varchar(64) NOT NULL, cents bigint NOT NULL)")


@app.get("/")
def index():
    return "ledger\n"


@app.post("/<account>")
def book(account):
    with connect() as connection, connection.cursor() as cursor:
        cursor.execute("INSERT INTO entry VALUES (%s, %s)", (account, int(request.form["cents"])))
    return "", 204


@app.get("/<account>")
def balance(account):
    with connect() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT COALESCE(SUM(cents), 0) FROM entry WHERE account = %s", (account,))
        return f"{cursor.fetchone()[0]}\n"


for _ in range(60):
    try:
        make_tables()
        break
    except mysql.connector.Error as error:
        print("the database is not up:", error, flush=True)
        time.sleep(1)
