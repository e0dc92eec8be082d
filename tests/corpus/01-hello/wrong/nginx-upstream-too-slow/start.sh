flask --app app run --port 8000 &
sleep 3
exec nginx -g 'daemon off; error_log /dev/stderr;'
