"""Here for those who start it with `flask run`."""

from wsgi import app

__all__ = ["app"]
