import time

import click
from flask.cli import with_appcontext
from sqlalchemy.exc import OperationalError

from models import Member, db

SAMPLES = [
    ("Robert FitzRoy", "fitzroy@beagle.example"),
    ("Syms Covington", "covington@beagle.example"),
    ("Conrad Martens", "martens@beagle.example"),
]


@click.command("wait-for-db")
@click.option("--seconds", default=30, show_default=True)
@with_appcontext
def wait_for_db(seconds):
    """Wait until the database takes connections, but not for ever."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            db.engine.connect().close()
            return
        except OperationalError as error:
            if time.monotonic() > deadline:
                raise click.ClickException(f"no database after {seconds} seconds: {error.orig}") from error
        time.sleep(1)


@click.command("create-db")
@with_appcontext
def create_db():
    """Make the tables that are not there yet."""
    db.metadata.create_all(db.engine, checkfirst=False)


@click.command("seed-db")
@with_appcontext
def seed_db():
    """Put the sample members in, those that are not there yet."""
    known = set(db.session.scalars(db.select(Member.email)))
    for name, email in SAMPLES:
        if email not in known:
            db.session.add(Member(name=name, email=email))
    db.session.commit()


def register(app):
    for command in (wait_for_db, create_db, seed_db):
        app.cli.add_command(command)
