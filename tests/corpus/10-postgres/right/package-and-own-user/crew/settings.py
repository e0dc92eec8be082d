import os

from sqlalchemy import make_url


class Production:
    @property
    def SQLALCHEMY_DATABASE_URI(self):
        url = make_url(os.environ["DATABASE_URL"].replace("postgres://", "postgresql://", 1))
        return url.set(drivername="postgresql+psycopg")
