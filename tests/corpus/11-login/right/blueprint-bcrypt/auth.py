from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import LoginManager, current_user, login_required, login_user, logout_user

from forms import LoginForm, LogoutForm, RegisterForm
from models import User, db

auth = Blueprint("auth", __name__)
manager = LoginManager()
manager.login_view = "auth.login"
manager.session_protection = "strong"


@manager.user_loader
def load(number):
    return db.session.get(User, number)


@auth.route("/register", methods=["GET", "POST"])
def register():
    form = RegisterForm(request.form)
    if request.method == "POST" and form.validate():
        User.sign_up(form.email.data, form.name.data, form.password.data)
        return redirect(url_for(".login"), code=303)
    return render_template("register.html", form=form), 422 if form.errors else 200


@auth.route("/login", methods=["GET", "POST"])
def login():
    form = LoginForm()
    if form.validate_on_submit():
        user = User.of(form.email.data)
        if user and user.has(form.password.data):
            login_user(user, remember=False)
            there = request.args.get("next", "")
            return redirect(there if there in ("/", "/profile") else url_for(".profile"))
        flash("Wrong email or password.")
    return render_template("login.html", form=form)


@auth.post("/logout")
@login_required
def logout():
    if LogoutForm().validate_on_submit():
        logout_user()
    return redirect("/login")


@auth.get("/profile")
@login_required
def profile():
    return render_template("profile.html", user=current_user)
