#!/bin/sh
set -eu
exec gunicorn --bind "[::]:${PORT:-8000}" --threads 4 --graceful-timeout 20 app:app
