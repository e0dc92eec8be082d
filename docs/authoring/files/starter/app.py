from flask import Flask

app = Flask(__name__)


# TODO: GET /echo/<text> answers with JSON: the text under "echo", its length under "length"
