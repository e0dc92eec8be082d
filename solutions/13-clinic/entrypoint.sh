#!/bin/sh
# Makes the table, then starts what the Dockerfile names under CMD.
set -e
python create_table.py
exec "$@"
