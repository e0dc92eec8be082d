from flask import Flask, redirect, render_template, url_for

from commands import register_commands
from models import User, db


def create_app():
    app = Flask(__name__)
    app.config.from_object("config.Config")
    db.init_app(app)
    # TODO: CSRFProtect and LoginManager
    register_commands(app)

    @app.get("/")
    def index():
        return redirect(url_for("profile"))

    # TODO: GET and POST /register: a new user, then on to /login
    # TODO: GET and POST /login: on to `next`, if it stays here, or to /profile
    # TODO: POST /logout: on to /login

    # TODO: for those who are logged in
    @app.get("/profile")
    def profile():
        user = db.session.scalar(db.select(User))
        return render_template("profile.html", user=user)

    return app
