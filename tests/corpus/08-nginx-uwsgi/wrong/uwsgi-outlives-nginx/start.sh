#!/bin/bash
trap 'kill -QUIT $(jobs -p); wait; exit 0' TERM
uwsgi --ini /srv/station/uwsgi.ini &
nginx -g 'daemon off;' &
wait -n
kill -TERM $(jobs -pr)
wait
exit 1
