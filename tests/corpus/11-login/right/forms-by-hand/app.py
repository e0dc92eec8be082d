from flask import Flask, flash, redirect, render_template, request
from flask_login import LoginManager, current_user, login_user, logout_user
from flask_wtf.csrf import CSRFProtect

import config
from commands import register_commands
from forms import posted
from models import Person, db

WRONG = "Wrong email or password."


def create_app():
    app = Flask(__name__)
    app.config.from_object(config)
    db.init_app(app)
    CSRFProtect(app)
    manager = LoginManager(app)
    manager.user_loader(lambda email: db.session.get(Person, email))
    manager.unauthorized_handler(lambda: redirect("/login"))
    register_commands(app)

    @app.route("/login", methods=("GET", "POST"))
    def login():
        if request.method == "POST":
            fields = posted("email", "password")
            person = fields and db.session.get(Person, fields[0])
            if person and person.has(fields[1]):
                login_user(person)
                return redirect("/profile")
            flash(WRONG)
        return render_template("login.html"), 200 if request.method == "GET" else 403

    @app.route("/register", methods=("GET", "POST"))
    def register():
        if request.method == "GET":
            return render_template("register.html")
        fields = posted("email", "name", "password")
        if fields is None or db.session.get(Person, fields[0]):
            flash("Something is missing, or that email is in use.")
            return render_template("register.html"), 400
        db.session.add(Person(email=fields[0], name=fields[1], password=fields[2]))
        db.session.commit()
        return redirect("/login")

    @app.route("/logout", methods=("POST",))
    def logout():
        logout_user()
        return redirect("/")

    @app.route("/")
    def index():
        return redirect("/profile" if current_user.is_authenticated else "/login")

    @app.route("/profile")
    def profile():
        if not current_user.is_authenticated:
            return manager.unauthorized()
        return render_template("profile.html", user=current_user)

    return app
