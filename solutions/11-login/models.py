from flask_login import UserMixin
from flask_sqlalchemy import SQLAlchemy
from werkzeug.security import check_password_hash, generate_password_hash

db = SQLAlchemy()

# What is compared where nobody has that email, so that the answer takes as long as for a wrong password.
NOBODY = generate_password_hash("nobody")


class User(UserMixin, db.Model):
    __tablename__ = "users"

    id = db.Column(db.Integer, primary_key=True)
    email = db.Column(db.String(120), nullable=False, unique=True)
    name = db.Column(db.String(80), nullable=False)
    password_hash = db.Column(db.String(255), nullable=False)

    def set_password(self, password):
        self.password_hash = generate_password_hash(password)

    @classmethod
    def identified(cls, email, password):
        """The user who has this email and this password, or None."""
        user = db.session.scalar(db.select(cls).filter_by(email=email))
        right = check_password_hash(user.password_hash if user else NOBODY, password)
        return user if right else None
