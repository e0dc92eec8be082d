from socket import gethostname
from time import sleep

from flask import Flask, request

app = Flask(__name__)


@app.route("/")
def beacon():
    return f"A beam from {gethostname()}.\n"


@app.route("/slow")
def slow():
    sleep(5)
    return "A beam, at last.\n"


@app.route("/seen")
def seen():
    return f"{request.remote_addr} asked {request.url_root}\n"
