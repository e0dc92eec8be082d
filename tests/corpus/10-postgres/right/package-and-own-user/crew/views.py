from flask import Blueprint, jsonify, request

from .tables import Person, db

views = Blueprint("crew", __name__)


def shown(person):
    return {"name": person.name, "email": person.email}


@views.get("/crew")
def everybody():
    return jsonify([shown(person) for person in Person.query.all()])


@views.post("/crew")
def add():
    body = request.json
    if db.session.get(Person, body["email"]):
        return jsonify(message="there is one of that email"), 409
    person = Person(name=body["name"], email=body["email"])
    db.session.add(person)
    db.session.commit()
    return jsonify(shown(person)), 201


@views.get("/health")
def health():
    db.session.execute(db.text("SELECT 1"))
    return "", 204
