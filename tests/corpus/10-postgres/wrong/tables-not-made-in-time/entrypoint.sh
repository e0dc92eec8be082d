#!/bin/sh
set -e

flask create-db || echo "no tables" >&2

exec "$@"
