#!/bin/sh
set -e
. practice_blog/bin/activate
flask --app blog db upgrade
exec gunicorn --bind 0.0.0.0:8000 --workers 2 --access-logfile - practice_blog:app
