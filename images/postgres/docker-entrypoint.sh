#!/usr/bin/env bash
# Makes the database on the first start, as the official image's environment variables ask, then becomes the server.
set -eo pipefail

# The value of a variable, or of the file that its _FILE twin names; it is exported for the scripts of the init folder.
from_file() {
    local name=$1 file="${1}_FILE" value
    if [[ ${!name} && ${!file} ]]; then
        echo "error: both $name and $file are set (but are exclusive)" >&2
        exit 1
    fi
    value=${!name:-${2-}}
    if [[ ${!file} ]]; then
        value=$(<"${!file}")
    fi
    export "$name=$value"
    unset "$file"
}

read_settings() {
    from_file POSTGRES_PASSWORD
    from_file POSTGRES_USER postgres
    from_file POSTGRES_DB "$POSTGRES_USER"
    from_file POSTGRES_INITDB_ARGS
}

# As root: what a volume brings may belong to anybody. As another user: as far as that user may.
prepare_folders() {
    local folder
    for folder in "$PGDATA" ${POSTGRES_INITDB_WALDIR:+"$POSTGRES_INITDB_WALDIR"}; do
        mkdir -p "$folder"
        chmod 700 "$folder" || true
    done
    mkdir -p /var/run/postgresql || true
    chmod 3775 /var/run/postgresql || true
    if (( EUID == 0 )); then
        find "$PGDATA" /var/run/postgresql ${POSTGRES_INITDB_WALDIR:+"$POSTGRES_INITDB_WALDIR"} \
            ! -user postgres -exec chown postgres {} +
    fi
}

refuse_without_password() {
    if [[ $POSTGRES_HOST_AUTH_METHOD == trust ]]; then
        echo 'WARNING: POSTGRES_HOST_AUTH_METHOD=trust lets anyone who reaches the port in without a password.' >&2
    elif [[ -z $POSTGRES_PASSWORD ]]; then
        cat >&2 <<'WORDS'
Error: Database is uninitialized and superuser password is not specified.
       Set POSTGRES_PASSWORD to a value that is not empty, for example with
       "-e POSTGRES_PASSWORD=password" on "docker run", or under "environment:" in compose.yaml.
       POSTGRES_HOST_AUTH_METHOD=trust would allow all connections without a password.
WORDS
        exit 1
    fi
}

# initdb asks for the name of the user it runs as; one of `user: "1234"` has none, so it is lent one.
make_cluster() {
    local lent=
    if ! getent passwd "$EUID" > /dev/null; then
        lent=$(mktemp -d)
        echo "postgres:x:$EUID:$(id -g):PostgreSQL:$PGDATA:/bin/false" > "$lent/passwd"
        echo "postgres:x:$(id -g):" > "$lent/group"
        export LD_PRELOAD=libnss_wrapper.so NSS_WRAPPER_PASSWD="$lent/passwd" NSS_WRAPPER_GROUP="$lent/group"
    fi
    # The arguments are a line of shell, as in the official image: POSTGRES_INITDB_ARGS="--locale='C' -k".
    eval "set -- $POSTGRES_INITDB_ARGS"
    initdb --username="$POSTGRES_USER" --pwfile=<(printf '%s\n' "$POSTGRES_PASSWORD") \
        ${POSTGRES_INITDB_WALDIR:+--waldir="$POSTGRES_INITDB_WALDIR"} "$@"
    if [[ $lent ]]; then
        unset LD_PRELOAD NSS_WRAPPER_PASSWD NSS_WRAPPER_GROUP
        rm -r "$lent"
    fi
}

# initdb lets the socket and loopback in without a password; everything else answers to the chosen method.
allow_remote() {
    local method
    method=${POSTGRES_HOST_AUTH_METHOD:-$(postgres -C password_encryption "$@")}
    printf '\nhost all all all %s\n' "$method" >> "$PGDATA/pg_hba.conf"
}

# Named as in the official image, since scripts of the init folder may call it, or use "${psql[@]}".
docker_process_sql() {
    PGHOST='' PGHOSTADDR='' psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --no-password --no-psqlrc \
        ${POSTGRES_DB:+--dbname "$POSTGRES_DB"} "$@"
}

make_database() {
    if [[ -z $(docker_process_sql --dbname postgres --set db="$POSTGRES_DB" --tuples-only --no-align \
        <<< "SELECT 1 FROM pg_database WHERE datname = :'db'") ]]; then
        docker_process_sql --dbname postgres --set db="$POSTGRES_DB" <<< 'CREATE DATABASE :"db"'
    fi
}

run_init_folder() {
    local file
    psql=(docker_process_sql)
    for file in /docker-entrypoint-initdb.d/*; do
        [[ -e $file ]] || continue
        case $file in
            *.sh)
                if [[ -x $file ]]; then
                    echo "$0: running $file"
                    "$file"
                else
                    echo "$0: sourcing $file"
                    . "$file"
                fi
                ;;
            *.sql) echo "$0: running $file"; docker_process_sql -f "$file" ;;
            *.sql.gz) echo "$0: running $file"; gunzip -c "$file" | docker_process_sql ;;
            *.sql.xz) echo "$0: running $file"; xzcat "$file" | docker_process_sql ;;
            *.sql.zst) echo "$0: running $file"; zstd -dc "$file" | docker_process_sql ;;
            *) echo "$0: ignoring $file" ;;
        esac
    done
}

# The server that runs meanwhile listens on the socket alone: a client that got an answer over the network would
# take the database for ready.
initialize() {
    refuse_without_password
    ls /docker-entrypoint-initdb.d/ > /dev/null # unreadable: better said before there is half a database
    make_cluster
    allow_remote "$@"
    export PGPASSWORD="${PGPASSWORD:-$POSTGRES_PASSWORD}"
    PGUSER="${PGUSER:-$POSTGRES_USER}" pg_ctl -D "$PGDATA" -w start \
        -o "$(printf '%q ' "$@" -c listen_addresses= -p "${PGPORT:-5432}")"
    make_database
    run_init_folder
    PGUSER="${PGUSER:-postgres}" pg_ctl -D "$PGDATA" -m fast -w stop
    unset PGPASSWORD
    printf '\nPostgreSQL init process complete; ready for start up.\n\n'
}

wants_help() {
    local word
    for word; do
        case $word in -\?|--help|--describe-config|-V|--version) return 0 ;; esac
    done
    return 1
}

if [[ $1 == -* ]]; then
    set -- postgres "$@"
fi
if [[ $1 == postgres ]] && ! wants_help "$@"; then
    prepare_folders
    if (( EUID == 0 )); then
        exec gosu postgres "$0" "$@"
    fi
    read_settings
    if [[ -s $PGDATA/PG_VERSION ]]; then
        printf '\nPostgreSQL Database directory appears to contain a database; Skipping initialization\n\n'
    else
        initialize "${@:2}"
    fi
fi
exec "$@"
