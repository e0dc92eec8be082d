set -e
exec flask --app app run --host 0.0.0.0
