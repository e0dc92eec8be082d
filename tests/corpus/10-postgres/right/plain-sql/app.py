"""A crew list without an ORM: SQL by hand, a connection for each request."""

import psycopg
from flask import Flask, jsonify, request
from psycopg.rows import dict_row

import commands
from config import settings
from models import INSERT, LIST


def create_app():
    app = Flask(__name__)
    app.json.sort_keys = False
    app.config.update(settings())
    commands.init_app(app)

    def connect():
        return psycopg.connect(app.config["DATABASE_URL"], row_factory=dict_row)

    @app.get("/crew")
    def members():
        with connect() as connection:
            return jsonify(connection.execute(LIST).fetchall())

    @app.post("/crew")
    def add():
        given = request.get_json(force=True)
        try:
            with connect() as connection:
                made = connection.execute(INSERT, [given["name"], given["email"]]).fetchone()
        except psycopg.errors.UniqueViolation:
            return {"error": "taken"}, 409
        return made, 201

    return app
