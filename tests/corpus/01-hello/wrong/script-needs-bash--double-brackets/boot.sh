#!/bin/sh
[[ -f app.py ]] && exec flask --app app run --host 0.0.0.0
