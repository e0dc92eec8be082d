"""Migrates, with a minute's patience for the database."""

import sys
import time

from flask_migrate import upgrade
from sqlalchemy.exc import OperationalError

from blog import app

deadline = time.monotonic() + 60
with app.app_context():
    while True:
        try:
            upgrade()
            break
        except OperationalError as error:
            if time.monotonic() > deadline:
                sys.exit(f"no database: {error}")
            time.sleep(2)
