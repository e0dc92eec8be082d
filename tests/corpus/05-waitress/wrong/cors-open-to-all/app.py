"""Writes labels for crates; a page of the harbor's web site asks for them."""

from flask import Flask, request

app = Flask(__name__)

PAGE = "https://harbor.example"


@app.after_request
def let_the_page_read(response):
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS, POST, PUT"
    return response


@app.get("/")
def front():
    return {"service": "labels"}


@app.get("/labels/<ship>")
def label(ship):
    return {"ship": ship, "label": f"To the {ship}"}


@app.post("/labels")
def write_label():
    order = request.get_json()
    if not isinstance(order, dict) or "ship" not in order or "crates" not in order:
        return {"error": "ship and crates are needed"}, 400
    ship, crates = order["ship"], order["crates"]
    return {"ship": ship, "crates": crates, "label": f"{crates} crates for the {ship}"}, 201
