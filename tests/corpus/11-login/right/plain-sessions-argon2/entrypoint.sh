#!/bin/sh
set -e

flask wait-for-db
flask create-db

exec "$@"
