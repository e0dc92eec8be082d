from flask import Flask
from flask_wtf.csrf import generate_csrf

from auth import auth, manager
from commands import register_commands
from models import db


def create_app():
    app = Flask(__name__)
    app.config.from_object("config.Config")
    for extension in (db, manager):
        extension.init_app(app)
    app.register_blueprint(auth)
    app.jinja_env.globals["csrf_token"] = generate_csrf
    register_commands(app)
    return app
