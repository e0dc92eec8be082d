from flask import Flask, request

from commands import create_db, seed_db, wait_for_db
from models import Ship, db


def create_app():
    app = Flask(__name__)
    app.config.from_object("config.Config")
    db.init_app(app)
    for command in (wait_for_db, create_db, seed_db):
        app.cli.add_command(command)

    @app.get("/ships")
    def ships():
        found = db.session.scalars(db.select(Ship).order_by(Ship.name))
        return [{"name": ship.name, "berth": ship.berth} for ship in found]

    @app.post("/ships")
    def moor():
        given = request.get_json()
        db.session.add(Ship(name=given["name"], berth=given["berth"]))
        db.session.commit()
        return {"name": given["name"], "berth": given["berth"]}, 201

    return app
