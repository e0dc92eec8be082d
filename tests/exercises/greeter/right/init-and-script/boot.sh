#!/bin/sh
set -eu
export GUNICORN_CMD_ARGS="--bind=:${PORT:-5000} --access-logfile=-"
exec gunicorn -w 3 'app:create_app()'
