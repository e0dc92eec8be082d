#!/bin/sh
# Tries until the database answers.
while true; do
    python create_table.py
    if [[ "$?" == "0" ]]; then
        break
    fi
    echo "not yet"
    sleep 2
done
exec "$@"
