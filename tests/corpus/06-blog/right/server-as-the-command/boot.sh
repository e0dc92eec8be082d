#!/bin/sh
flask db upgrade || exit 1
exec "$@"
