"""The harbor office: what stands behind nginx, and what it believes of whoever asks."""

from flask import Flask, request

app = Flask(__name__, static_folder=None)


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
