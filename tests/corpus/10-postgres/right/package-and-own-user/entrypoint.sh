#!/bin/sh
flask create-db || exit
exec "$@"
