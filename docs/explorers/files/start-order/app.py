"""Asks the database for its name, as an app does when it starts; waits for it as long as PATIENCE says, in seconds."""

import os
import time

import psycopg

print("starting", flush=True)
until = time.monotonic() + float(os.environ["PATIENCE"])
while True:
    try:
        with psycopg.connect("host=db user=postgres password=tide", connect_timeout=2) as connection:
            connection.execute("SELECT 1")
        break
    except psycopg.OperationalError as error:
        print("no database:", str(error).splitlines()[0], flush=True)
        if time.monotonic() > until:
            raise SystemExit(1) from error
        time.sleep(0.5)
print("the database answers", flush=True)
time.sleep(600)
