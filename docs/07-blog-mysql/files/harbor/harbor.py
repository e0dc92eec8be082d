"""The harbor book: which ships are in."""

import os

from flask import Blueprint, Flask, current_app
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from markupsafe import escape
from sqlalchemy import String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


db = SQLAlchemy(model_class=Base)
migrate = Migrate()
book = Blueprint("book", __name__)


class Ship(db.Model):
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40))


@book.get("/")
def ships():
    found = db.session.scalars(db.select(Ship).order_by(Ship.id))
    names = ", ".join(escape(ship.name) for ship in found)
    return f"{current_app.config['HARBOR']}: {names or 'nobody'}\n"


@book.post("/<name>")
def arrive(name):
    db.session.add(Ship(name=name[:40]))
    db.session.commit()
    return f"Welcome, {escape(name)}!\n"


def create_app():
    app = Flask(__name__)
    app.config["HARBOR"] = os.environ.get("HARBOR", "Devonport")
    app.config["SQLALCHEMY_DATABASE_URI"] = os.environ["DATABASE_URL"]
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"pool_pre_ping": True}
    db.init_app(app)
    migrate.init_app(app, db)
    app.register_blueprint(book)
    return app
