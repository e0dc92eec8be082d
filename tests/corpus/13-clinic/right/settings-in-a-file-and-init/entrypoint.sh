#!/usr/bin/env bash
set -euo pipefail
cd "$(dirname "$0")"
for attempt in {1..20}; do
    python create_table.py && exec gunicorn --bind "0.0.0.0:$1" app:app
    sleep 1
done
echo "the database did not come" >&2
exit 1
