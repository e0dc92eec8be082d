#!/bin/bash
uwsgi --ini /srv/station/uwsgi.ini &
nginx -g 'daemon off;' &
wait -n
exit 1
