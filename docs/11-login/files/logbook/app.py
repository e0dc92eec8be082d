import re

from flask import Flask, redirect, render_template, request
from flask_login import LoginManager, login_required, login_user, logout_user
from flask_wtf import CSRFProtect
from sqlalchemy.exc import IntegrityError

from forms import EnterForm, JoinForm
from models import Sailor, db

manager = LoginManager()
manager.login_view = "enter"
OWN_PAGE = re.compile(r"/(?!/)[^\\\s]*")


@manager.user_loader
def sailor_of(session_id):
    return db.session.get(Sailor, int(session_id))


def own_page(target):
    """The target, if it is a page of this app; else the log."""
    return target if OWN_PAGE.fullmatch(target) else "/log"


def create_app():
    app = Flask(__name__)
    app.config.from_object("config.Config")
    db.init_app(app)
    manager.init_app(app)
    CSRFProtect(app)
    app.cli.command("create-db")(db.create_all)

    @app.route("/join", methods=["GET", "POST"])
    def join():
        form, problem = JoinForm(), ""
        if form.validate_on_submit():
            sailor = Sailor(email=form.email.data, name=form.name.data)
            sailor.set_password(form.password.data)
            db.session.add(sailor)
            try:
                db.session.commit()
                return redirect("/enter")
            except IntegrityError:
                db.session.rollback()
                problem = "That email has signed on already."
        return render_template("form.html", title="Sign on", form=form, problem=problem)

    @app.route("/enter", methods=["GET", "POST"])
    def enter():
        form, problem = EnterForm(), ""
        if form.validate_on_submit():
            sailor = db.session.scalar(db.select(Sailor).filter_by(email=form.email.data))
            if sailor and sailor.has_password(form.password.data):
                login_user(sailor)
                return redirect(own_page(request.args.get("next", "")))
            problem = "Wrong email or password."
        return render_template("form.html", title="Enter", form=form, problem=problem)

    @app.post("/leave")
    def leave():
        logout_user()
        return redirect("/enter")

    @app.get("/log")
    @login_required
    def log():
        return render_template("log.html")

    return app
