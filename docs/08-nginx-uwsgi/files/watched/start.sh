#!/bin/bash
stop() {
    trap - TERM
    while kill -TERM $(jobs -pr) 2>/dev/null; do sleep 0.1; done
    exit "$1"
}
trap 'stop 0' TERM

uwsgi --ini uwsgi.ini &
nginx -g 'daemon off;' &
wait -n
echo "A server has ended, and so do I." >&2
stop 1
