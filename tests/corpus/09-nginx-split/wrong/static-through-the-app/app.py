"""The harbor office: what stands behind nginx, and what it believes of whoever asks."""

from flask import Flask, request
from werkzeug.middleware.proxy_fix import ProxyFix

app = Flask(__name__)
app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 3600
# One proxy, nginx, stands before the app: its word counts, and nobody else's.
app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)


def plain(text):
    return text, {"Content-Type": "text/plain; charset=utf-8"}


@app.route("/")
def office():
    return plain("Harbor office\n")


@app.route("/berth/<ship>")
def berth(ship):
    return plain(f"There is a berth for {ship}.\n")


@app.route("/where")
def where():
    return plain(f"{request.url_root}\n")


@app.route("/who")
def who():
    return plain(f"{request.remote_addr}\n")
