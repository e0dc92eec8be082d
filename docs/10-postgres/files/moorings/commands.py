import time

import click
from flask.cli import with_appcontext
from sqlalchemy.exc import OperationalError

from models import Ship, db


@click.command()
@click.option("--seconds", default=30)
@with_appcontext
def wait_for_db(seconds):
    """Wait for the database, but not for ever."""
    for _ in range(seconds):
        try:
            db.engine.connect().close()
            return
        except OperationalError as error:
            reason = error.orig
            time.sleep(1)
    raise click.ClickException(f"no database in {seconds} seconds: {reason}")


@click.command()
@with_appcontext
def create_db():
    """Make the tables that are not there yet."""
    db.create_all()


@click.command()
@with_appcontext
def seed_db():
    """Moor the sample ships that are not there yet."""
    for name, berth in [("Beagle", 4), ("Erebus", 1), ("Terror", 2)]:
        if db.session.scalar(db.select(Ship).filter_by(name=name)) is None:
            db.session.add(Ship(name=name, berth=berth))
            click.echo(f"{name} is at berth {berth}")
    db.session.commit()
