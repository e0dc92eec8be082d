"""The berth register of a harbor: which ship lies where, as JSON."""

import os

import psycopg
from flask import Flask, jsonify, request, url_for
from werkzeug.middleware.proxy_fix import ProxyFix

DATABASE_URL = os.environ.get("DATABASE_URL", "postgresql://harbor@localhost/harbor")

app = Flask(__name__)
# One proxy stands in front; it says under which name, and by which scheme, the visitor asked.
app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)


def connect():
    return psycopg.connect(DATABASE_URL, connect_timeout=8)


@app.get("/")
def index():
    return "Berth register\n"


@app.put("/berths/<name>")
def moor(name):
    ship = request.get_json()["ship"]
    with connect() as connection:
        connection.execute(
            "INSERT INTO berth VALUES (%s, %s) ON CONFLICT (name) DO UPDATE SET ship = EXCLUDED.ship", [name, ship]
        )
    return jsonify(berth=name, ship=ship)


@app.get("/berths/<name>")
def berth(name):
    with connect() as connection:
        row = connection.execute("SELECT ship FROM berth WHERE name = %s", [name]).fetchone()
    return jsonify(berth=name, ship=row[0] if row else None, url=url_for("berth", name=name, _external=True))


@app.get("/inventory")
def inventory():
    """Walk along the quay and count; that takes a while."""
    with connect() as connection:
        ships = connection.execute("SELECT count(*) FROM berth, pg_sleep(1.5)").fetchone()[0]
    return jsonify(ships=ships)


@app.get("/health")
def health():
    try:
        with connect() as connection:
            connection.execute("SELECT 1")
    except psycopg.Error:
        app.logger.exception("the database does not answer")
        return jsonify(database="does not answer"), 503
    return jsonify(database="answers")
