#!/bin/sh
python wait.py && exec gunicorn -b :8000 -w 2 --access-logfile - blog:app
