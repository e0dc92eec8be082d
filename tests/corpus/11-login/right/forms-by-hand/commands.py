import time

import click
from flask.cli import with_appcontext
from sqlalchemy.exc import OperationalError

from models import db


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
    db.create_all()


def register_commands(app):
    app.cli.add_command(wait_for_db)
    app.cli.add_command(create_db)
