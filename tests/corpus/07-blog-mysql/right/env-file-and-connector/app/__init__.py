"""A ship's log that is kept in a database."""

from flask import Flask
from flask_migrate import Migrate

from app.models import db
from app.routes import log
from config import Config

migrate = Migrate()


def create_app(config=Config):
    app = Flask(__name__)
    app.config.from_object(config)
    db.init_app(app)
    migrate.init_app(app, db)
    app.register_blueprint(log)
    return app
