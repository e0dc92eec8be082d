"""Knows the tides of a harbor, and how deep the water is over a given ground."""

from flask import Flask, request

app = Flask(__name__)

WATER = {"high": 5.2, "low": 0.4}
PAGE = "https://harbor.example"


@app.after_request
def let_the_page_read(response):
    response.vary.add("Origin")
    if request.headers.get("Origin") == PAGE:
        response.headers["Access-Control-Allow-Origin"] = PAGE
        response.headers["Access-Control-Allow-Methods"] = "GET, POST"
        response.headers["Access-Control-Allow-Headers"] = "Content-Type"
    return response


@app.get("/tides")
def tides():
    return WATER


@app.post("/depths")
def depths():
    asked = request.get_json()
    ground = asked.get("ground") if isinstance(asked, dict) else None
    if not isinstance(ground, int | float):
        return {"error": "ground must be a number"}, 400
    return {tide: round(water + ground, 1) for tide, water in WATER.items()}, 201
