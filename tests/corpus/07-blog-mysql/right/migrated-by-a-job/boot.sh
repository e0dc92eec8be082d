#!/bin/sh
exec gunicorn -b 0.0.0.0:8000 -w 2 --access-logfile - blog:app
