# The volume may belong to anybody: made the user's, and then root is given up for good.
if [ "$(id -u)" = 0 ]; then
    chown -R keeper: /data
    exec setpriv --reuid=keeper --regid=keeper --init-groups env HOME=/home/keeper sh "$0"
fi
. /venv/bin/activate
python migrate.py && exec python -m gunicorn --bind=0.0.0.0:8000 --workers=4 --worker-class=gthread --access-logfile=- wsgi
