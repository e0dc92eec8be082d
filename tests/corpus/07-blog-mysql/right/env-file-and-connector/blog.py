"""Where gunicorn and the flask command find the app."""

from app import create_app

app = create_app()
