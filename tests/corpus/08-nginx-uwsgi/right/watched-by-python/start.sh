#!/bin/sh
exec python3 /srv/station/watch.py
