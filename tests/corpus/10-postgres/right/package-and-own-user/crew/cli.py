import time

import click
from sqlalchemy.exc import OperationalError

from .tables import Person, db


def create_db():
    for attempt in range(60):
        try:
            db.create_all()
            break
        except OperationalError:
            click.echo("the database is not there yet", err=True)
            time.sleep(0.5)
    else:
        raise SystemExit("no database")


def seed_db():
    for number in range(1, 6):
        db.session.merge(Person(name=f"Hand {number}", email=f"hand{number}@deck.example"))
    db.session.commit()
