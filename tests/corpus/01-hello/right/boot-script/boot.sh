#!/bin/sh
set -e
echo "casting off"
exec flask --app app run --host 0.0.0.0
