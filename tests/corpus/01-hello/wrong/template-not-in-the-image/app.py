from flask import Flask, render_template
from markupsafe import escape

app = Flask(__name__)


@app.route("/")
def hello():
    return render_template("hello.html")


@app.route("/<name>")
def greet(name):
    return f"Hello, {escape(name)}!\n"
