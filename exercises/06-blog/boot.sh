#!/bin/sh
# TODO: end at the first command that fails
# TODO: bring the database up to date
# TODO: hand over to gunicorn: two workers, port 8000 on all addresses, the access log on standard output
