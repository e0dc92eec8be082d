import os


class Config:
    SQLALCHEMY_DATABASE_URI = os.getenv("DATABASE_URL", "sqlite://").replace("postgres://", "postgresql+psycopg://")
    SQLALCHEMY_TRACK_MODIFICATIONS = False
