#!/bin/sh
exec supervisord -c /srv/station/supervisord.conf
