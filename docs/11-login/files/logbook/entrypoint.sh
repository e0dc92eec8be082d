#!/bin/sh
set -e

flask create-db

exec "$@"
