#!/bin/sh
uwsgi --ini /srv/station/uwsgi.ini &
nginx
