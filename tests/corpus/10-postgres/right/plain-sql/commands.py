import psycopg

from models import SEED, TABLE

PEOPLE = [("Ann", "ann@ship.example"), ("Ben", "ben@ship.example"), ("Cy", "cy@ship.example"), ("Di", "di@ship.example")]


def init_app(app):
    @app.cli.command("create-db")
    def create_db():
        with psycopg.connect(app.config["DATABASE_URL"]) as connection:
            connection.execute(TABLE)
        print("tables are there")

    @app.cli.command("seed-db")
    def seed_db():
        with psycopg.connect(app.config["DATABASE_URL"]) as connection:
            connection.cursor().executemany(SEED, PEOPLE)
