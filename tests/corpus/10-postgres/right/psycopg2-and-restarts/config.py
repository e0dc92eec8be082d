import os


class Config:
    _address = os.environ.get("DATABASE_URL") or exit("no DATABASE_URL, no crew")
    SQLALCHEMY_DATABASE_URI = "postgresql+psycopg2:" + _address.partition(":")[2]
    SQLALCHEMY_ENGINE_OPTIONS = {"pool_pre_ping": True}
