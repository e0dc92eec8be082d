#!/bin/sh
set -eu
exec uwsgi --ini uwsgi.ini
