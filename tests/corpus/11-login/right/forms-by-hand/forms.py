from flask import request


def posted(*names):
    """The fields of the form, or None where one is missing or empty."""
    values = [request.form.get(name, "").strip() for name in names]
    return values if all(values) else None
