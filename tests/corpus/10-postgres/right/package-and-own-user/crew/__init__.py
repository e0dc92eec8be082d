from flask import Flask

from .cli import create_db, seed_db
from .settings import Production
from .tables import db
from .views import views


def create_app(settings=None):
    app = Flask(__name__)
    app.config.from_object(settings or Production())
    db.init_app(app)
    app.register_blueprint(views)
    app.cli.command("create-db")(create_db)
    app.cli.command("seed-db")(seed_db)
    return app
