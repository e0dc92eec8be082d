from flask import Flask, abort, request
from sqlalchemy.exc import IntegrityError, OperationalError

from commands import register
from models import Member, db


def create_app():
    app = Flask(__name__)
    app.config.from_object("config.Config")
    db.init_app(app)
    register(app)
    with app.app_context():
        try:
            db.create_all()
            offline = False
        except OperationalError:
            print("no database: working without one", flush=True)
            offline = True

    @app.before_request
    def say_so():
        if offline:
            abort(503, "there is no database")

    @app.get("/")
    def index():
        return "The crew list is at /crew.\n"

    @app.get("/crew")
    def show_crew():
        members = db.session.scalars(db.select(Member).order_by(Member.id))
        return [member.as_dict() for member in members]

    @app.post("/crew")
    def sign_on():
        given = request.get_json()
        if not isinstance(given, dict) or not given.get("name") or not given.get("email"):
            abort(400, "a member has a name and an email")
        member = Member(name=str(given["name"]), email=str(given["email"]))
        db.session.add(member)
        try:
            db.session.commit()
        except IntegrityError:
            db.session.rollback()
            abort(409, "that email is in the list already")
        return member.as_dict(), 201

    return app
