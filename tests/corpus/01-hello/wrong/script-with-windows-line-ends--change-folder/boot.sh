cd /app
flask --app app run --host 0.0.0.0
