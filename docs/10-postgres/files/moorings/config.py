import os


def address():
    given = os.environ.get("DATABASE_URL")
    if not given:
        raise RuntimeError("DATABASE_URL is not set")
    return "postgresql+psycopg://" + given.partition("://")[2]


class Config:
    SQLALCHEMY_DATABASE_URI = address()
