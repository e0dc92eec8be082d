#!/usr/bin/env bash
set -euo pipefail
export FLASK_APP=blog.py

for try in 1 2 3; do
    flask db upgrade && break
    [[ $try == 3 ]] && exit 1
    sleep 1
done

exec gunicorn -b :8000 -w "${WORKERS:-3}" --access-logfile - --error-logfile - 'app:create_app()'
