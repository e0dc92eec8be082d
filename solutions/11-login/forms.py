from flask_wtf import FlaskForm
from wtforms import EmailField, PasswordField, StringField, SubmitField
from wtforms.validators import DataRequired, Email, Length


class RegisterForm(FlaskForm):
    email = EmailField("Email", [DataRequired(), Email(), Length(max=120)])
    name = StringField("Name", [DataRequired(), Length(max=80)])
    password = PasswordField("Password", [DataRequired(), Length(min=8, max=200)])
    submit = SubmitField("Register")


class LoginForm(FlaskForm):
    email = EmailField("Email", [DataRequired()])
    password = PasswordField("Password", [DataRequired()])
    submit = SubmitField("Log in")
