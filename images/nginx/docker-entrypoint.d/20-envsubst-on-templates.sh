#!/bin/sh
# Fills environment variables into /etc/nginx/templates/*.template and writes the results to /etc/nginx/conf.d.
set -e

templates=${NGINX_ENVSUBST_TEMPLATE_DIR:-/etc/nginx/templates}
suffix=${NGINX_ENVSUBST_TEMPLATE_SUFFIX:-.template}
output=${NGINX_ENVSUBST_OUTPUT_DIR:-/etc/nginx/conf.d}

say() {
    [ "$NGINX_ENTRYPOINT_QUIET_LOGS" ] || echo "${0##*/}: $*"
}

[ -d "$templates" ] || exit 0
if [ ! -w "$output" ]; then
    say "ERROR: $templates exists, but $output is not writable"
    exit 0
fi
# Only variables that are set, so that nginx's own, such as $host, stay what they are.
names=$(awk -v filter="$NGINX_ENVSUBST_FILTER" \
    'BEGIN { for (name in ENVIRON) if (name ~ filter) printf "${%s} ", name }')
find "$templates" -follow -type f -name "*$suffix" -print | while read -r template; do
    relative=${template#"$templates"/}
    result=$output/${relative%"$suffix"}
    mkdir -p "$(dirname "$result")"
    say "Running envsubst on $template to $result"
    envsubst "$names" < "$template" > "$result"
done
