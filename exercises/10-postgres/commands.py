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
    # TODO: try again every second, until the time is over.
    try:
        db.engine.connect().close()
    except OperationalError as error:
        raise click.ClickException(f"no database after {seconds} seconds: {error.orig}") from error


@click.command("create-db")
@with_appcontext
def create_db():
    """Make the tables that are not there yet."""
    # TODO


@click.command("seed-db")
@with_appcontext
def seed_db():
    """Put the sample members in, those that are not there yet."""
    # TODO: Member is the model; who is in the list already stays as they are.


def register(app):
    for command in (wait_for_db, create_db, seed_db):
        app.cli.add_command(command)
