#!/bin/bash
set -m
setpriv --reuid=pilot --regid=pilot --clear-groups /opt/venv/bin/pyuwsgi --ini /app/uwsgi.ini &
app=$!
/usr/sbin/nginx -g 'daemon off;' &
front=$!
trap 'kill -s QUIT $front; kill -s TERM $app' TERM
wait -n $app $front
code=$?
kill -s TERM $app $front 2> /dev/null
wait
[ $code -gt 128 ] && exit 0
exit 1
