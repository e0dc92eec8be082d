import os
import sys

DEFAULTS = {"DATABASE_URL": "sqlite:////data/blog.db", "SITE_NAME": "Log of the Beagle"}
settings = DEFAULTS | {name: value for name, value in os.environ.items() if value}

if "SECRET_KEY" not in settings:
    sys.exit("no SECRET_KEY")


class Config:
    SECRET_KEY = settings["SECRET_KEY"]
    SQLALCHEMY_DATABASE_URI = settings["DATABASE_URL"]
    SITE_NAME = settings["SITE_NAME"]
