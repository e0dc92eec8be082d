"""Makes the table of bookings where there is none yet; run before the server starts."""

import os

import psycopg

with psycopg.connect(os.environ["DATABASE_URL"], connect_timeout=8) as connection:
    connection.execute("CREATE TABLE IF NOT EXISTS booking (name text NOT NULL, seats integer NOT NULL)")
