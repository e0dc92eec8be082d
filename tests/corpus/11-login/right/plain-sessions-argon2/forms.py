"""Tokens that are good for one form and one session."""

import hmac
import secrets

from flask import abort, request, session


def token():
    if "token" not in session:
        session["token"] = secrets.token_urlsafe(24)
    return session["token"]


def check_token():
    if request.method == "POST":
        given = request.form.get("csrf_token", "")
        if not hmac.compare_digest(given.encode(), session.get("token", "-").encode()):
            abort(400, "This form has no valid token.")
