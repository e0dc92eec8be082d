"""Books amounts in MySQL."""

import os

import pymysql
from flask import Flask, request

app = Flask(__name__)


def connect():
    return pymysql.connect(
        host=os.environ["MYSQL_HOST"],
        user=os.environ["MYSQL_USER"],
        password=open(os.environ["MYSQL_PASSWORD_FILE"]).read().strip(),
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


make_tables()
