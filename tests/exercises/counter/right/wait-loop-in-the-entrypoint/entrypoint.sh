#!/bin/sh
# The database may need a while on its first start.
until python wait.py; do
    echo "waiting for the database"
    sleep 1
done
exec "$@"
