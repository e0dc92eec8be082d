#!/bin/sh
service nginx start && exec uwsgi --ini /srv/station/uwsgi.ini
