"""Searches an answer for an author's regular expression, for no longer than it is worth."""

from collections.abc import Mapping
from dataclasses import dataclass

from grader.words import PLACEHOLDER, fill

SECONDS = 1.0  # of one search: in a page of an honest size it takes a thousandth of that


@dataclass(frozen=True, kw_only=True)
class Found:
    """What a search came to."""

    match: str | None = None  # the first group's text, or all of the match where the pattern has no group
    late: bool = False  # it ran out of time


def fault(pattern: str) -> str:
    """What is wrong with a pattern, or nothing."""
    import regex

    try:
        compiled = regex.compile(PLACEHOLDER.sub("x", pattern))
        if all(compiled.search(text, timeout=SECONDS) for text in ("", "\x00")):
            return "is found in any text, so it could never fail"
    except regex.error as error:
        return f"cannot be read: {error}"
    except TimeoutError:
        return f"takes more than {SECONDS:g} s on next to nothing"
    return ""


def search(pattern: str, text: str, values: Mapping[str, str]) -> Found:
    """Look for the pattern, its placeholders filled with what they stand for, to the letter.

    A search that runs out of time has not found: backtracking explodes where there is no match, and an ERROR instead
    would let a hostile page choose to have no score rather than a low one.
    """
    import regex

    filled = fill(pattern, {name: regex.escape(value) for name, value in values.items()})
    try:
        found = regex.search(filled, text, timeout=SECONDS)
    except TimeoutError:
        return Found(late=True)
    if found is None:
        return Found()
    return Found(match=found[1] if found.re.groups else found[0])


def groups(pattern: str) -> int:
    """How many groups a pattern has that can be read."""
    import regex

    return regex.compile(pattern).groups
