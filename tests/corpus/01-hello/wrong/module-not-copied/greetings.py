from markupsafe import escape  # noqa: F401
