#!/bin/sh
set -e

tries=0
until flask db upgrade; do
    tries=$((tries + 1))
    if [ "$tries" -ge "${TRIES:-20}" ]; then
        echo "giving up after $tries tries" >&2
        exit 1
    fi
    echo "try $tries failed, the next one in 3 seconds" >&2
    sleep 3
done

exec gunicorn --bind 0.0.0.0:8000 --workers 2 --access-logfile - 'harbor:create_app()'
