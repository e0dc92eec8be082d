"""What differs from place to place, read from the environment when the app starts."""

import os


def required(name):
    """The variable's value; to run without it would be worse than not to run."""
    value = os.environ.get(name)
    if not value:
        raise RuntimeError(f"{name} is not set: give the container one with -e or --env-file")
    return value


class Config:
    SECRET_KEY = required("SECRET_KEY")
    SQLALCHEMY_DATABASE_URI = required("DATABASE_URL")
    # A connection that the server has closed in the meantime is noticed, and made anew.
    SQLALCHEMY_ENGINE_OPTIONS = {"pool_pre_ping": True}
    SITE_NAME = os.environ.get("SITE_NAME", "Log of the Beagle")
