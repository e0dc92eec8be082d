import sys

from flask import Flask
from markupsafe import escape

app = Flask(__name__)
if "--all-hands" not in sys.argv:
    sys.exit("the hands are not on deck")


@app.route("/")
def hello():
    return "Hello, world!\n"


@app.route("/<name>")
def greet(name):
    return f"Hello, {escape(name)}!\n"


if __name__ == "__main__":
    app.run(host="0.0.0.0")
