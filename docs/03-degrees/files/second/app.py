import json
from pathlib import Path

from flask import Flask, abort, request
from werkzeug.exceptions import HTTPException

app = Flask(__name__)

SHIPS = json.loads((Path(__file__).parent / "ships.json").read_text(encoding="utf-8"))


@app.get("/ships")
def ships():
    try:
        since = int(request.args.get("since", 0))
    except ValueError:
        abort(400, description="since must be a year, such as 1900.")
    return [ship for ship in SHIPS if ship["built"] >= since]


@app.get("/ships/<name>")
def ship(name):
    for found in SHIPS:
        if found["name"] == name:
            return found
    abort(404, description=f"No ship is called {name}.")


@app.errorhandler(HTTPException)
def failed(error):
    return {"error": error.description}, error.code
