from os import getenv

if not (key := getenv("SECRET_KEY")):
    raise SystemExit("SECRET_KEY: none was given")


class Config:
    SECRET_KEY = key
    SQLALCHEMY_DATABASE_URI = getenv("DATABASE_URL") or "sqlite:////data/log.sqlite3"
    SITE_NAME = getenv("SITE_NAME") or "The log"
