from socket import gethostname
from time import sleep

from flask import Flask, request
from werkzeug.middleware.proxy_fix import ProxyFix

app = Flask(__name__)
app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)


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
