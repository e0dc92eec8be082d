import click
from flask.cli import AppGroup
from sqlalchemy.dialects.postgresql import insert

from models import Member, db

cli = AppGroup()


@cli.command("create-db")
def create_db():
    db.create_all()
    click.echo("ready")


@cli.command("seed-db")
def seed_db():
    rows = [{"name": name.title(), "email": f"{name}@fleet.example"} for name in ("ada", "grace", "joan")]
    db.session.execute(insert(Member).values(rows).on_conflict_do_nothing())
    db.session.commit()


def register(app):
    app.cli.commands.update(cli.commands)
