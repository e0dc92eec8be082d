# TODO: RegisterForm with email, name and password, and LoginForm with email and password
