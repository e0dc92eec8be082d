#!/bin/sh
for try in 1 2 3; do
    flask --app blog db upgrade
    if [[ "$?" == "0" ]]; then
        exec gunicorn --bind 0.0.0.0:8000 --workers 2 --access-logfile - blog:app
    fi
    echo "Upgrade command failed, retrying in 2 secs..."
    sleep 2
done
exit 1
