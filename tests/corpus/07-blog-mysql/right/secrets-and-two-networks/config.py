import os
from pathlib import Path

from sqlalchemy import URL


class Config:
    SECRET_KEY = Path("/run/secrets/key").read_text()
    SQLALCHEMY_DATABASE_URI = URL.create(
        "mysql+pymysql",
        username="blog",
        password=Path("/run/secrets/db_password").read_text().strip(),
        host=os.environ["MYSQL_HOST"],
        database="blog",
    )
    SITE_NAME = "The log"
