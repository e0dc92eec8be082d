from flask_wtf import FlaskForm
from wtforms import EmailField, PasswordField, StringField, SubmitField
from wtforms.validators import DataRequired, Email, Length


class EnterForm(FlaskForm):
    email = EmailField("Email", [DataRequired(), Email()])
    password = PasswordField("Password", [DataRequired(), Length(min=8)])
    send = SubmitField("Send")


class JoinForm(EnterForm):
    name = StringField("Name", [DataRequired(), Length(max=80)])
