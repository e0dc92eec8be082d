#!/bin/bash
trap 'kill -QUIT $(jobs -p); wait; exit 0' TERM
uwsgi --ini /srv/station/uwsgi.ini &
nginx -g 'daemon off;' &
wait -n
while kill -TERM $(jobs -pr) 2>/dev/null; do sleep 0.1; done
exit 1
