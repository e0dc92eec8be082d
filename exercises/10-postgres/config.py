import os


class Config:
    # TODO: take the address from DATABASE_URL alone. Where it is missing or empty, end with a message that
    # says so: a database in memory looks well, and forgets everything.
    # TODO: put postgresql+psycopg:// in place of postgres:// and of postgresql://.
    SQLALCHEMY_DATABASE_URI = os.environ.get("DATABASE_URL", "sqlite://")
