from flask import Flask

app = Flask(__name__)


@app.route("/")
def hello():
    return "Hello, world!\n"


# TODO: a second route, /<name>, that answers "Hello, <name>!" and a newline.
