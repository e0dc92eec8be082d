"""Pages that stand alone: one file, nothing from a network, and no text from outside that comes alive."""

import base64
import functools
import hashlib
from collections.abc import Iterable
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from grader.render.clean import escape, shorten
from grader.render.gradebook.standing import corrected, moment, name, number, score
from grader.render.lines import CODE

TEMPLATES = Path(__file__).with_name("templates")


def page(template: str, **values: object) -> str:
    """The template as a page; its style and its script are the only ones that a browser will run there."""
    return _environment().get_template(template).render(values)


def prose(text: str) -> Markup:
    """Text with its code, which stood in backquotes, set as code."""
    # Every other piece is code: it was between two backquotes.
    pieces = enumerate(CODE.split(escape(text)))
    return Markup("").join(Markup("<code>{}</code>").format(piece) if at % 2 else piece for at, piece in pieces)


@functools.cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        finalize=_shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    environment.filters |= {"prose": prose, "number": number, "moment": moment, "name": name, "shorten": shorten}
    environment.globals |= {
        "asset": _asset,
        "corrected": corrected,
        "policy": _policy,
        "score": score,
    }
    return environment


def _shown(value: object) -> object:
    """What every expression of a template goes through before it is escaped."""
    return value if isinstance(value, Markup) else escape(str(value))


@functools.cache
def _asset(name: str) -> Markup:
    """A style or a script of ours, to stand in the page."""
    return Markup((TEMPLATES / name).read_text(encoding="utf-8"))  # noqa: S704 - a file of ours


def _policy(styles: Iterable[str], scripts: Iterable[str] = ()) -> str:
    """What a page may load: nothing. What may be in effect there: the styles and the scripts of these files."""
    allowed = {"style-src": [*map(_hash, styles)], "script-src": [*map(_hash, scripts)]}
    sources = [f"{kind} {' '.join(hashes)}" for kind, hashes in allowed.items() if hashes]
    return "; ".join(["default-src 'none'", *sources, "base-uri 'none'", "form-action 'none'"])


def _hash(name: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(_asset(name).encode()).digest()).decode()}'"
