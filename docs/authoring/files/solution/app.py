from flask import Flask

app = Flask(__name__)


@app.route("/echo/<text>")
def echo(text):
    return {"echo": text, "length": len(text)}
