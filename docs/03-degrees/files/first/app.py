import json
from pathlib import Path

from flask import Flask, abort, request

app = Flask(__name__)

SHIPS = json.loads(Path("ships.json").read_text(encoding="utf-8"))


@app.get("/ships")
def ships():
    since = request.args.get("since", 0, type=int)
    return [ship for ship in SHIPS if ship["built"] >= since]


@app.get("/ships/<name>")
def ship(name):
    for found in SHIPS:
        if found["name"] == name:
            return found
    abort(404, description=f"No ship is called {name}.")
