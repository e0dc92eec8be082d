#!/bin/bash
# Starts both servers. Ends when it is told to, and when one of them has ended: then it takes the other one along.

stop() {
    trap - TERM INT
    kill -TERM $(jobs -p) 2>/dev/null
    wait
    exit "$1"
}
trap 'stop 0' TERM INT

uwsgi --ini /srv/station/uwsgi.ini &
nginx; nginx -g 'daemon off;' &

wait -n
echo "start.sh: a server has ended, so the container ends" >&2
stop 1
