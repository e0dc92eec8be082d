import os
import sys


def settings():
    try:
        return {"DATABASE_URL": os.environ["DATABASE_URL"]}
    except KeyError:
        sys.exit("DATABASE_URL must name the database")
