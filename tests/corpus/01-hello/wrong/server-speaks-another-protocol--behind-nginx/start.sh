uwsgi --plugin python3 --socket 127.0.0.1:8000 --module app:app &
sleep 3
exec nginx -g 'daemon off; error_log /dev/stderr;'
