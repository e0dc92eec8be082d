#!/bin/bash
nginx
exec uwsgi --ini uwsgi.ini
