#!/bin/sh -e
# The database may come late: this ends then, and is started again.
flask create-db
exec "$@"
