#!/bin/bash
trap 'kill -TERM $(jobs -p); wait; exit 0' TERM
uwsgi --ini /srv/station/uwsgi.ini &
nginx -g 'daemon off;' &
wait -n
exit 1
