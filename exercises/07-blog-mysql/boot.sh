#!/bin/sh
set -e
# TODO: the database may come up later than this: try again, and after ten tries give up
flask --app blog db upgrade
exec gunicorn --bind 0.0.0.0:8000 --workers 2 --access-logfile - blog:app
