from flask_login import UserMixin
from flask_sqlalchemy import SQLAlchemy
from werkzeug.security import check_password_hash, generate_password_hash

db = SQLAlchemy()


class Person(UserMixin, db.Model):
    __tablename__ = "people"

    email = db.Column(db.String(200), primary_key=True)
    name = db.Column(db.String(200), nullable=False)
    pw = db.Column(db.String(300), nullable=False)

    def get_id(self):
        return self.email

    @property
    def password(self):
        raise AttributeError("a password cannot be read")

    @password.setter
    def password(self, plain):
        self.pw = generate_password_hash(plain, method="pbkdf2:sha256:20000")

    def has(self, plain):
        return check_password_hash(self.pw, plain)
