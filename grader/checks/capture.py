"""Takes a value out of one answer of a session, for the requests that follow."""

from collections.abc import Iterator
from html.parser import HTMLParser

import msgspec

from grader.checks import jsontext, pattern
from grader.checks.location import site_path
from grader.checks.request import header_faults
from grader.cookies import Jar
from grader.http import Answer
from grader.words import placeholders

VALUE_LIMIT = 4_000  # characters: a signed token has some hundred
PAGE_LIMIT = 200_000  # characters of a page in which a form is looked for


class Capture(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a value is found; one of the fields says it."""

    regex: str | None = None  # its first group, or all of the match where it has none
    header: str | None = None  # Location as path and query, ready to be asked for
    json: str | None = None  # the way to it: "items.0.id"
    form_field: str | None = None  # the value of the input of that name
    cookie: str | None = None  # the value of the cookie of that name

    @property
    def source(self) -> str:
        """Where it is looked for, in words."""
        names = {
            "regex": "what {} finds in the body",
            "header": "the header {}",
            "json": "{} in the JSON",
            "form_field": "the value of the form field {}",
            "cookie": "the cookie {}",
        }
        return next((words.format(getattr(self, name)) for name, words in names.items() if getattr(self, name)), "")

    def faults(self) -> Iterator[str]:
        """What is wrong with it as its author wrote it."""
        given = [name for name in self.__struct_fields__ if getattr(self, name) is not None]
        if len(given) != 1:
            yield "needs one of regex, header, json, form_field and cookie" + (
                f", and has {' and '.join(given)}" if given else ""
            )
        elif not getattr(self, given[0]).strip():
            yield f"{given[0]} is empty"
        elif self.header is not None:
            yield from header_faults("header", {self.header: ""})
        elif self.regex is not None:
            if fault := pattern.fault(self.regex):
                yield f"regex = {self.regex!r} {fault}"
            elif pattern.groups(self.regex) > 1:
                yield f"regex = {self.regex!r} has {pattern.groups(self.regex)} groups: write the others as (?:...)"
            if used := placeholders(self.regex):
                yield f"regex: {{{min(used)}}} is not filled here"

    def find(self, answer: Answer, path: str, jar: Jar) -> str | None:
        """The value, or None where it is not there, or is nothing that could be sent back.

        :param path: what was asked for
        """
        value = self._value(answer, path, jar)
        # A control character would end the header, or the line, that the value is put into.
        usable = value is not None and 0 < len(value) <= VALUE_LIMIT and value.isprintable()
        return value if usable else None

    def _value(self, answer: Answer, path: str, jar: Jar) -> str | None:
        if self.regex is not None:
            return pattern.search(self.regex, answer.text, {}).match
        if self.header is not None:
            came = answer.header(self.header)
            location = came is not None and self.header.lower() == "location"
            return site_path(came, path, answer.host) if came is not None and location else came
        if self.json is not None:
            return _at(self.json, answer.text)
        if self.form_field is not None:
            return _input(self.form_field, answer.text)
        return jar.value(self.cookie or "")


def _at(way: str, text: str) -> str | None:
    """The text or number at the end of the way: keys and list positions, joined by dots."""
    try:
        value = jsontext.parse(text)
        for step in way.split("."):
            value = value[int(step)] if isinstance(value, list) else value[step]
    except (jsontext.NotJson, LookupError, TypeError, ValueError):
        return None
    if isinstance(value, str):
        return value
    return jsontext.shown(value) if isinstance(value, int | float) else None


def _input(name: str, page: str) -> str | None:
    inputs = _Inputs()
    try:
        inputs.feed(page[:PAGE_LIMIT])
    except (AssertionError, ValueError):  # html.parser on a declaration that makes no sense
        return inputs.values.get(name)
    return inputs.values.get(name)


class _Inputs(HTMLParser):
    """The values that a browser would send of a page's inputs, by name; the first of a name counts."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(reversed(attrs))  # HTML takes the first of two
        if tag == "input" and (name := given.get("name")):
            self.values.setdefault(name, given.get("value") or "")
