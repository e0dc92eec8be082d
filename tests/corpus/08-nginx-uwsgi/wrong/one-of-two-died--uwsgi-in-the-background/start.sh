#!/bin/sh
uwsgi --ini /srv/station/uwsgi.ini &
exec nginx -g 'daemon off;'
