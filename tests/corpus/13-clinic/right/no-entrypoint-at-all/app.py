"""Bookings for the ferry across the bay: who crosses, and with how many."""

import os

import psycopg
from flask import Flask, jsonify, request

DATABASE_URL = os.environ["DATABASE_URL"]

app = Flask(__name__)


def connect():
    return psycopg.connect(DATABASE_URL, connect_timeout=8)


@app.get("/")
def index():
    return "The ferry takes bookings.\n"


@app.post("/bookings")
def book():
    booking = request.get_json()
    with connect() as connection:
        connection.execute("INSERT INTO booking (name, seats) VALUES (%(name)s, %(seats)s)", booking)
    return jsonify(booking), 201


@app.get("/bookings/<name>")
def bookings(name):
    with connect() as connection:
        seats = connection.execute("SELECT sum(seats) FROM booking WHERE name = %s", [name]).fetchone()[0]
    return jsonify(name=name, seats=seats or 0)
