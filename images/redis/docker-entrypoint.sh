#!/bin/bash
# Puts `redis-server` before bare options or a configuration file, and leaves root behind.
set -e

if [[ $1 == -* || $1 == *.conf ]]; then
    set -- redis-server "$@"
fi
if [[ ${1##*/} == redis-server ]] && (( EUID == 0 )); then
    # What a volume brings may belong to anybody; what is not Redis's own is left as it is.
    find . \( -path . -o -path ./appendonlydir -o -path './appendonlydir/*' -o -path './*.rdb' \) \
        ! -user redis -exec chown redis {} + || true
    exec setpriv --reuid redis --regid redis --clear-groups "$0" "$@"
fi
if [[ $(umask) == 0022 ]]; then
    umask 0077 # the data is nobody else's
fi
exec "$@"
