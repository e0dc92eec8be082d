python3 app.py &
sleep 3
exec nginx -g 'daemon off; error_log /dev/stderr;'
