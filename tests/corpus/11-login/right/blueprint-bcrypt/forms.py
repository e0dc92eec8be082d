from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField, SubmitField, ValidationError
from wtforms.validators import Email, InputRequired

from models import User


class LoginForm(FlaskForm):
    email = StringField(validators=[InputRequired()])
    password = PasswordField(validators=[InputRequired()])
    submit = SubmitField()


class RegisterForm(LoginForm):
    email = StringField(validators=[InputRequired(), Email()])
    name = StringField(validators=[InputRequired()])

    def validate_email(self, field):
        if User.of(field.data):
            raise ValidationError("taken")


class LogoutForm(FlaskForm):
    pass
