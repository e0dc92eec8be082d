import bcrypt
from flask_login import UserMixin
from flask_sqlalchemy import SQLAlchemy

db = SQLAlchemy()


class User(UserMixin, db.Model):
    id = db.Column(db.Integer, primary_key=True)
    email = db.Column(db.Text, unique=True, nullable=False)
    name = db.Column(db.Text, nullable=False)
    digest = db.Column(db.LargeBinary, nullable=False)

    @classmethod
    def of(cls, email):
        return db.session.scalar(db.select(cls).where(cls.email == email))

    def has(self, password):
        return bcrypt.checkpw(password.encode(), self.digest)

    @classmethod
    def sign_up(cls, email, name, password):
        user = cls(email=email, name=name, digest=bcrypt.hashpw(password.encode(), bcrypt.gensalt(8)))
        db.session.add(user)
        db.session.commit()
