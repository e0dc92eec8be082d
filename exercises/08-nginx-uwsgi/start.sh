#!/bin/bash
# TODO: start both servers; end both on SIGTERM; end when one of them has ended.
nginx
uwsgi --ini /srv/station/uwsgi.ini
