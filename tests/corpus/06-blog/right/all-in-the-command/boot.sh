python -c 'from app import create_app; from flask_migrate import upgrade; create_app().app_context().push(); upgrade()' &&
exec python -c 'import os; os.execvp("gunicorn", "gunicorn -w 2 -b 0.0.0.0:8000 --access-logfile - app.factory:app".split())'
