flask --app app run &
sleep 2
exec flask --app app run --host 0.0.0.0
