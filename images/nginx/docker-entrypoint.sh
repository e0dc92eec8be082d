#!/bin/sh
# Runs what lies in /docker-entrypoint.d, in the order of the names, then becomes nginx.
set -e

say() {
    [ "$NGINX_ENTRYPOINT_QUIET_LOGS" ] || echo "$0: $*"
}

case $1 in
    nginx|nginx-debug)
        say "/docker-entrypoint.d/: looking for scripts"
        # A script that fails ends the loop with its code, and the container with it.
        find /docker-entrypoint.d/ -follow -type f -print | sort -V | while read -r file; do
            case $file in
                *.envsh|*.sh) ;;
                *) say "Ignoring $file"; continue ;;
            esac
            if [ ! -x "$file" ]; then
                say "Ignoring $file, not executable"
            elif [ "$file" != "${file%.envsh}" ]; then
                say "Sourcing $file" # what it exports reaches the scripts after it
                . "$file"
            else
                say "Launching $file"
                "$file"
            fi
        done
        say "Configuration complete; ready for start up"
        ;;
esac
exec "$@"
