import os


def need(name):
    if not os.environ.get(name):
        raise RuntimeError(f"{name} is not set")
    return os.environ[name]


class Config:
    SQLALCHEMY_DATABASE_URI = need("DATABASE_URL")
    SECRET_KEY = need("SECRET_KEY")
    SESSION_COOKIE_SAMESITE = "Lax"
    SESSION_COOKIE_SECURE = "HTTPS" in os.environ
