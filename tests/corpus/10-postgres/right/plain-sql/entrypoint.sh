#!/usr/bin/env bash
set -euo pipefail

for try in {1..40}; do
    if python -c 'import os, psycopg; psycopg.connect(os.environ["DATABASE_URL"]).close()'; then
        flask create-db
        exec "$@"
    fi
    echo "no database yet ($try)" >&2
    sleep 1
done
echo "gave up" >&2
exit 1
