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


def secret_key():
    key = os.environ.get("SECRET_KEY", "")
    if not key:
        raise RuntimeError("SECRET_KEY is not set: without it, anybody could sign a session")
    return key


class Config:
    SQLALCHEMY_DATABASE_URI = database_url()
    SECRET_KEY = secret_key()
    SESSION_COOKIE_HTTPONLY = True
    SESSION_COOKIE_SAMESITE = "Lax"
    SESSION_COOKIE_SECURE = True
