flask --app app run &
sleep 2
exec nginx -g 'daemon off;'
