from flask import Flask

app = Flask(__name__)


@app.get("/")
def home():
    return "The Beagle is in port.\n"
