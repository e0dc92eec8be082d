import functools

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from flask import Flask, abort, g, redirect, render_template, request, session

from commands import register_commands
from forms import check_token, token
from models import Account, db

hasher = PasswordHasher(time_cost=1, memory_cost=8192)
UNKNOWN = hasher.hash("unknown")


def members_only(view):
    @functools.wraps(view)
    def guarded(**arguments):
        g.account = db.session.get(Account, session.get("email", ""))
        if g.account is None:
            return redirect("/login", 303)
        return view(**arguments)

    return guarded


def create_app():
    app = Flask(__name__)
    app.config.from_object("config.Config")
    db.init_app(app)
    register_commands(app)
    app.before_request(check_token)
    app.jinja_env.globals["token"] = token

    @app.get("/register")
    def new():
        return render_template("register.html")

    @app.post("/register")
    def create():
        email, name, password = (request.form.get(key, "").strip() for key in ("email", "name", "password"))
        if not (email and name and password):
            abort(400)
        if db.session.get(Account, email):
            return render_template("register.html", problem="That email is taken."), 409
        db.session.add(Account(email=email, shown_name=name, secret=hasher.hash(password)))
        db.session.commit()
        return redirect("/login", 303)

    @app.get("/login")
    def ask():
        return render_template("login.html")

    @app.post("/login")
    def enter():
        account = db.session.get(Account, request.form.get("email", ""))
        try:
            hasher.verify(account.secret if account else UNKNOWN, request.form.get("password", ""))
        except VerifyMismatchError:
            account = None
        if account is None:
            return render_template("login.html", problem="Wrong email or password."), 401
        session.clear()
        session["email"] = account.email
        return redirect("/profile", 303)

    @app.post("/logout")
    def leave():
        session.clear()
        return redirect("/login", 303)

    @app.get("/profile")
    @members_only
    def profile():
        return render_template("profile.html", account=g.account)

    return app
