#!/bin/sh
set -e
python - <<END
from app.models import db
from blog import app

with app.app_context():
    db.create_all()
END
exec gunicorn --bind 0.0.0.0:8000 --workers 2 --access-logfile - blog:app
