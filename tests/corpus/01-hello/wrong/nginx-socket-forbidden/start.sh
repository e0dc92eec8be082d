uwsgi --plugin python3 --module app:app --socket /run/app.sock --chmod-socket=600 &
sleep 3
exec nginx -g 'daemon off; error_log /dev/stderr;'
