from flask import Flask
from markupsafe import escape

app = Flask(__name__)


@app.route("/")
def harbor():
    return "The Beagle is at sea.\n"


@app.route("/ahoy/<name>")
def ahoy(name):
    return f"Ahoy, {escape(name)}!\n"
