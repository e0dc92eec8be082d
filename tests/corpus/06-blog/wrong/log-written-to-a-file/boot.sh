#!/bin/sh
set -e
flask --app blog db upgrade
exec gunicorn --bind 0.0.0.0:8000 --workers 2 --access-logfile /tmp/access.log blog:app
