import os


class Config:
    SQLALCHEMY_DATABASE_URI = os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://")
    SECRET_KEY = os.environ["SECRET_KEY"]
    SESSION_COOKIE_SAMESITE = "Strict"
