import os


class Config:
    SECRET_KEY = os.environ["SECRET_KEY"]
    SQLALCHEMY_DATABASE_URI = os.environ.get("DATABASE_URL", "sqlite:////data/blog.db")
    SITE_NAME = os.environ.get("SITE_NAME", "Log of the Beagle")
    assert SECRET_KEY
