#!/bin/sh
set -e

# The database may start later than this, or anew: ten tries, then an end that somebody notices.
tries=0
until flask --app blog db upgrade; do
    tries=$((tries + 1))
    if [ "$tries" -ge 40 ]; then
        echo "boot.sh: the database cannot be brought up to date, giving up" >&2
        exit 1
    fi
    echo "boot.sh: try $tries failed, the next one in 3 seconds" >&2
    sleep 3
done

exec gunicorn --bind 0.0.0.0:8000 --workers 2 --access-logfile - blog:app
