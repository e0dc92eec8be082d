#!/bin/sh
# Builds, starts, asks once and clears up; ends with 0 only where all of that went well.
set -eu
trap 'docker compose down -v' EXIT
docker compose config --quiet
docker compose up -d --build --wait
curl --fail --silent --show-error --retry 10 --retry-all-errors "$1"
