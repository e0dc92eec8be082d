#!/usr/bin/env bash
# Makes the database on the first start, as the official image's environment variables ask, then becomes the server.
set -eo pipefail
shopt -s nullglob

say() {
    printf '%s [%s] [Entrypoint]: %s\n' "$(date --rfc-3339=seconds)" "$1" "$2"
}

refuse() {
    say ERROR "$1" >&2
    exit 1
}

# The value of a variable, or of the file that its _FILE twin names; it is exported for the scripts of the init folder.
from_file() {
    local name=$1 file="${1}_FILE" value
    if [[ ${!name} && ${!file} ]]; then
        refuse "Both $name and $file are set (but are exclusive)"
    fi
    value=${!name:-${2-}}
    if [[ ${!file} ]]; then
        value=$(<"${!file}")
    fi
    export "$name=$value"
    unset "$file"
}

# What the server will do with these options and files: asked once, since each time takes a fraction of a second.
read_settings() {
    local errors
    errors=$(mktemp)
    if ! settings=$("$@" --verbose --help --log-bin-index="$errors.index" 2> "$errors"); then
        refuse "mysqld failed while attempting to check config: $(<"$errors")"
    fi
    rm -f "$errors"
    DATADIR=$(setting datadir)
    SOCKET=$(setting socket)
}

setting() {
    awk -v name="$1" '$1 == name && /^[^ \t]/ { sub(/^[^ \t]+[ \t]+/, ""); print; exit }' <<< "$settings"
}

# As root: what a volume brings may belong to anybody.
prepare_folders() {
    local folders=("$DATADIR" "${SOCKET%/*}") name value
    for name in general-log-file pid-file slow-query-log-file; do
        value=$(setting "$name")
        if [[ $value == /* ]]; then
            folders+=("${value%/*}")
        fi
    done
    value=$(setting secure-file-priv)
    if [[ $value && $value != NULL ]]; then
        folders+=("$value")
    fi
    mkdir -p "${folders[@]}"
    if (( EUID == 0 )); then
        find "${folders[@]}" ! -user mysql -exec chown --no-dereference mysql {} +
    fi
}

refuse_without_password() {
    if [[ -z $MYSQL_ROOT_PASSWORD$MYSQL_ALLOW_EMPTY_PASSWORD$MYSQL_RANDOM_ROOT_PASSWORD ]]; then
        refuse 'Database is uninitialized and password option is not specified
    You need to specify one of the following as an environment variable:
    - MYSQL_ROOT_PASSWORD
    - MYSQL_ALLOW_EMPTY_PASSWORD
    - MYSQL_RANDOM_ROOT_PASSWORD'
    fi
    if [[ $MYSQL_USER == root ]]; then
        refuse 'MYSQL_USER="root": the root user is there already
    Remove MYSQL_USER, and give root its password with MYSQL_ROOT_PASSWORD'
    fi
    if [[ $MYSQL_USER && -z $MYSQL_PASSWORD ]]; then
        say Warn 'MYSQL_USER specified, but missing MYSQL_PASSWORD; MYSQL_USER will not be created' >&2
    elif [[ -z $MYSQL_USER && $MYSQL_PASSWORD ]]; then
        say Warn 'MYSQL_PASSWORD specified, but missing MYSQL_USER; MYSQL_PASSWORD will be ignored' >&2
    fi
}

# A password as a string of SQL.
quoted() {
    local text=${1//\\/\\\\}
    printf "'%s'" "${text//\'/\\\'}"
}

# Named as in the official image, since scripts of the init folder may call it, or use "${mysql[@]}".
docker_process_sql() {
    mysql --defaults-extra-file=<(credentials) --protocol=socket --host=localhost --socket="$SOCKET" --comments \
        ${MYSQL_DATABASE:+--database="$MYSQL_DATABASE"} "$@"
}

credentials() {
    printf '[client]\nuser=root\n'
    if [[ $password_set && $MYSQL_ROOT_PASSWORD ]]; then
        printf 'password="%s"\n' "${MYSQL_ROOT_PASSWORD//\\/\\\\}"
    fi
}

make_accounts() {
    if [[ $MYSQL_RANDOM_ROOT_PASSWORD ]]; then
        MYSQL_ROOT_PASSWORD=$(head -c 24 /dev/urandom | base64)
        export MYSQL_ROOT_PASSWORD
        say Note "GENERATED ROOT PASSWORD: $MYSQL_ROOT_PASSWORD"
    fi
    {
        echo 'SET autocommit = 1; SET @@SESSION.SQL_LOG_BIN = 0;'
        if [[ $MYSQL_ROOT_HOST && $MYSQL_ROOT_HOST != localhost ]]; then
            echo "CREATE USER 'root'@'$MYSQL_ROOT_HOST' IDENTIFIED BY $(quoted "$MYSQL_ROOT_PASSWORD");"
            echo "GRANT ALL ON *.* TO 'root'@'$MYSQL_ROOT_HOST' WITH GRANT OPTION;"
        fi
        echo "ALTER USER 'root'@'localhost' IDENTIFIED BY $(quoted "$MYSQL_ROOT_PASSWORD");"
    } | docker_process_sql --database=mysql
    password_set=yes

    if [[ $MYSQL_DATABASE ]]; then
        say Note "Creating database $MYSQL_DATABASE"
        docker_process_sql --database=mysql <<< "CREATE DATABASE IF NOT EXISTS \`$MYSQL_DATABASE\`;"
    fi
    if [[ $MYSQL_USER && $MYSQL_PASSWORD ]]; then
        say Note "Creating user $MYSQL_USER"
        {
            echo "CREATE USER '$MYSQL_USER'@'%' IDENTIFIED BY $(quoted "$MYSQL_PASSWORD");"
            if [[ $MYSQL_DATABASE ]]; then
                # An underscore in a grant stands for any letter.
                echo "GRANT ALL ON \`${MYSQL_DATABASE//_/\\_}\`.* TO '$MYSQL_USER'@'%';"
            fi
        } | docker_process_sql --database=mysql
    fi
}

load_time_zones() {
    if [[ -z $MYSQL_INITDB_SKIP_TZINFO ]]; then
        mysql_tzinfo_to_sql /usr/share/zoneinfo 2> /dev/null | docker_process_sql --database=mysql
    fi
}

run_init_folder() {
    local file
    mysql=(docker_process_sql)
    for file in /docker-entrypoint-initdb.d/*; do
        case $file in
            *.sh)
                if [[ -x $file ]]; then
                    say Note "$0: running $file"
                    "$file"
                else
                    say Note "$0: sourcing $file"
                    . "$file"
                fi
                ;;
            *.sql) say Note "$0: running $file"; docker_process_sql < "$file" ;;
            *.sql.gz) say Note "$0: running $file"; gunzip -c "$file" | docker_process_sql ;;
            *.sql.bz2) say Note "$0: running $file"; bunzip2 -c "$file" | docker_process_sql ;;
            *.sql.xz) say Note "$0: running $file"; xzcat "$file" | docker_process_sql ;;
            *.sql.zst) say Note "$0: running $file"; zstd -dc "$file" | docker_process_sql ;;
            *) say Warn "$0: ignoring $file" >&2 ;;
        esac
    done
}

# The server that runs meanwhile listens on the socket alone: a client that got an answer over the network would
# take the database for ready.
initialize() {
    refuse_without_password
    ls /docker-entrypoint-initdb.d/ > /dev/null # unreadable: better said before there is half a database
    say Note 'Initializing database files'
    "$@" --initialize-insecure --default-time-zone=SYSTEM
    say Note 'Starting temporary server'
    if ! "$@" --daemonize --skip-networking --default-time-zone=SYSTEM --socket="$SOCKET"; then
        refuse 'Unable to start server.'
    fi
    load_time_zones
    make_accounts
    run_init_folder
    say Note 'Stopping temporary server'
    mysqladmin --defaults-extra-file=<(credentials) --socket="$SOCKET" shutdown
    say Note 'MySQL init process done. Ready for start up.'
}

wants_help() {
    local word
    for word; do
        case $word in -\?|--help|--print-defaults|-V|--version) return 0 ;; esac
    done
    return 1
}

if [[ $1 == -* ]]; then
    set -- mysqld "$@"
fi
if [[ $1 == mysqld ]] && ! wants_help "$@"; then
    say Note "Entrypoint script for MySQL Server $MYSQL_MAJOR started."
    read_settings "$@"
    prepare_folders
    if (( EUID == 0 )); then
        say Note "Switching to dedicated user 'mysql'"
        exec gosu mysql "$0" "$@"
    fi
    from_file MYSQL_ROOT_HOST %
    from_file MYSQL_DATABASE
    from_file MYSQL_USER
    from_file MYSQL_PASSWORD
    from_file MYSQL_ROOT_PASSWORD
    if [[ ! -d $DATADIR/mysql ]]; then
        initialize "$@"
    fi
fi
exec "$@"
