#!/bin/sh
set -e
echo "Labels are written."
exec waitress-serve --listen="0.0.0.0:${PORT:-8080}" app:app
