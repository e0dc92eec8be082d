import os
from pathlib import Path

SQLALCHEMY_DATABASE_URI = os.environ["DATABASE_URL"]
SECRET_KEY = Path(os.environ["SECRET_KEY_FILE"]).read_text().strip()
SESSION_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_HTTPONLY = True
