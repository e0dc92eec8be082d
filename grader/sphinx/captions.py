"""Gives the captions of the tables of contents the level that their role of a heading asks for."""

from collections.abc import Callable
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

WITHOUT = 'role="heading">'
WITH = 'role="heading" aria-level="2">'


def set_levels(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """In the page, and in the menu that its template is about to ask for."""
    if body := context.get("body"):
        context["body"] = body.replace(WITHOUT, WITH)
    menu: Callable[..., str] = context["toctree"]
    context["toctree"] = lambda **options: menu(**options).replace(WITHOUT, WITH)


def setup(app: Sphinx) -> None:
    app.connect("html-page-context", set_levels)
