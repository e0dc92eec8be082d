"""Writes labels for crates; a page of the harbor's web site asks for them."""

from flask import Flask

app = Flask(__name__)

PAGE = "https://harbor.example"


@app.get("/")
def front():
    return {"service": "labels"}


@app.get("/labels/<ship>")
def label(ship):
    return f"To the {ship}"  # TODO: JSON, with the ship and the label


# TODO: POST /labels takes JSON with a ship and a number of crates, and answers with JSON and 201

# TODO: in a function with @app.after_request, the headers that let PAGE read the answers, and no other page
