import re

from flask import Flask, redirect, render_template, request, url_for
from flask_login import LoginManager, current_user, login_required, login_user, logout_user
from flask_wtf.csrf import generate_csrf
from sqlalchemy.exc import IntegrityError

from commands import register_commands
from forms import LoginForm, RegisterForm
from models import User, db


logins = LoginManager()
logins.login_view = "login"


@logins.user_loader
def load_user(user_id):
    return db.session.get(User, int(user_id))


def stays_here(target):
    """Whether a redirect to `target` leads to a page of this app."""
    # One slash begins a path, and two begin the name of a host. Browsers take a backslash for a slash, and drop tabs.
    return re.fullmatch(r"/(?!/)[^\\\s]*", target or "") is not None


def create_app():
    app = Flask(__name__)
    app.config.from_object("config.Config")
    db.init_app(app)
    logins.init_app(app)
    app.jinja_env.globals["csrf_token"] = generate_csrf
    register_commands(app)

    @app.get("/")
    def index():
        return redirect(url_for("profile"))

    @app.route("/register", methods=["GET", "POST"])
    def register():
        form = RegisterForm()
        if form.validate_on_submit():
            user = User(email=form.email.data, name=form.name.data)
            user.set_password(form.password.data)
            db.session.add(user)
            try:
                db.session.commit()
            except IntegrityError:
                db.session.rollback()
                form.email.errors = [*form.email.errors, "That email is registered already."]
            else:
                return redirect(url_for("login"))
        return render_template("register.html", form=form)

    @app.route("/login", methods=["GET", "POST"])
    def login():
        form, refused = LoginForm(), False
        if form.validate_on_submit():
            user = User.identified(form.email.data, form.password.data)
            if user is not None:
                login_user(user)
                target = request.args.get("next")
                return redirect(target if stays_here(target) else url_for("profile"))
            refused = True
        return render_template("login.html", form=form, refused=refused)

    @app.post("/logout")
    def logout():
        logout_user()
        return redirect(url_for("login"))

    @app.get("/profile")
    @login_required
    def profile():
        return render_template("profile.html", user=current_user)

    return app
