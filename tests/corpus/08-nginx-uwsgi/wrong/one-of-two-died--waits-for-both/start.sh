#!/bin/bash
# Starts both servers. Ends when it is told to, and when one of them has ended: then it takes the other one along.

stop() {
    trap - TERM INT
    # More than once: uwsgi does not hear the signal while it starts.
    while kill -TERM $(jobs -pr) 2>/dev/null; do sleep 0.1; done
    exit "$1"
}
trap 'stop 0' TERM INT

uwsgi --ini /srv/station/uwsgi.ini &
nginx -g 'daemon off;' &

wait
echo "start.sh: a server has ended, so the container ends" >&2
stop 1
