from flask_migrate import upgrade

from blog import app

with app.app_context():
    upgrade()
