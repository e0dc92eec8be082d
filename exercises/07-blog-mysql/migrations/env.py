"""Run by `flask db`: how a migration reaches the app's database."""

import logging

from alembic import context
from flask import current_app

logging.basicConfig(level=logging.INFO, format="%(name)s: %(message)s")
db = current_app.extensions["migrate"].db

with db.engine.connect() as connection:
    # SQLite cannot change a column in place; a "batch" makes the table anew and copies the rows.
    context.configure(connection=connection, target_metadata=db.metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()
