#!/bin/bash
stop() {
    trap - TERM
    kill -TERM $(jobs -p) 2>/dev/null
    wait
    exit "$1"
}
trap 'stop 0' TERM

uwsgi --ini uwsgi.ini &
nginx -g 'daemon off;' &
wait -n
echo "A server has ended, and so do I." >&2
stop 1
