flask --app app run &
until python3 -c 'import socket; socket.create_connection(("127.0.0.1", 5000))' 2> /dev/null; do sleep 0.2; done
exec nginx -g 'daemon off;'
