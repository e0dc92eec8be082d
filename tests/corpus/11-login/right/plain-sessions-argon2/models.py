from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


db = SQLAlchemy(model_class=Base)


class Account(db.Model):
    email: Mapped[str] = mapped_column(primary_key=True)
    shown_name: Mapped[str]
    secret: Mapped[str]
