import os

DRIVER = "postgresql+psycopg://"


def database_url():
    address = os.environ.get("DATABASE_URL", "")
    if not address:
        raise RuntimeError("DATABASE_URL is not set: there is no database to keep the users in")
    for scheme in ("postgres://", "postgresql://"):
        if address.startswith(scheme):
            return DRIVER + address.removeprefix(scheme)
    return address


class Config:
    SQLALCHEMY_DATABASE_URI = database_url()
    # TODO: SECRET_KEY, from the environment; end with a message where it is missing
    # TODO: which flags does the session's cookie get?
