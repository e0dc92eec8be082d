"""What differs from place to place, read from the environment when the app starts."""


class Config:
    # TODO: from the variable SECRET_KEY. Without one, or with an empty one, end with an error that names it.
    SECRET_KEY = "change-me"
    # TODO: from the variable DATABASE_URL; without one, the file /data/blog.db: sqlite:////data/blog.db
    SQLALCHEMY_DATABASE_URI = "sqlite:////tmp/blog.db"
    # TODO: from the variable SITE_NAME; without one, this name.
    SITE_NAME = "Log of the Beagle"
