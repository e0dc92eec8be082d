"""A student's feedback as Markdown in which no text from outside becomes a link, a picture, a table or a page."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from grader.render.clean import escape
from grader.render.gradebook.details import Field, Line
from grader.render.gradebook.standing import corrected
from grader.render.lines import CODE

if TYPE_CHECKING:
    from grader.render.gradebook.feedback import Feedback

SIGNS = re.compile(r"[\\`*_\[\]<>#|~&!$^]")
# What makes a list, a rule, a heading or a quotation at the start of a line.
STARTS = re.compile(r"^(?:(?P<number>\d+)(?=[.)](?:\s|$))|(?=[-+=:]))")
# Readers make links and mentions of words like these, whether they are marked or not: code stays code.
LINKED = re.compile(r"\S*(?:@|://|[A-Za-z]\.\w|\w\.[A-Za-z]|#\d)\S*?(?=[.,:;!?)]*(?:\s|$))")
RUNS = re.compile("`+")


def markdown(told: "Feedback") -> str:
    """The page; its blocks are apart from each other, so that none swallows the next."""
    return "\n\n".join(_blocks(told)) + "\n"


def _blocks(told: "Feedback") -> Iterator[str]:
    yield f"# {text(told.gradebook.title)}: {text(told.score)}"
    yield text(told.name)
    yield text(told.said)
    for correction in told.corrections:
        yield text(corrected(correction, told.gradebook))
    if told.entry.late:
        yield "This was handed in late."
    for line in told.lines:
        yield from _line(line)
    if told.commands:
        yield "## To look for yourself"
        yield "In the folder that you handed in:"
        yield block("\n".join(told.commands))
    yield from (f"Note: {text(note)}" for note in told.notes)


def _line(line: Line) -> Iterator[str]:
    points = f" ({line.points})" if line.points else ""
    yield f"## {line.word}: {text(line.title)}{points}"
    yield from map(_field, line.fields)


def _field(field: Field) -> str:
    if field.code:
        return f"**{field.label}**\n\n{block(field.text)}"
    shown = text(field.text)
    return f"**{field.label}**: " + (f"[{shown}](<{_address(field.address)}>)" if field.address else shown)


def text(words: str) -> str:
    """Words as they are read; each line of them stays one."""
    return "\\\n".join(_row(row.strip()) for row in escape(words).strip().split("\n"))


def block(words: str) -> str:
    """Output or a command, behind a fence that nothing in it can close."""
    fence = "`" * max(3, _longest(words) + 1)
    return f"{fence}text\n{escape(words)}\n{fence}"


def span(words: str) -> str:
    fence = "`" * (_longest(words) + 1)
    room = " " if words.startswith("`") or words.endswith("`") else ""
    return f"{fence}{room}{words}{room}{fence}"


def _row(row: str) -> str:
    # Every other piece is code: it was between two backquotes.
    pieces = CODE.split(row)
    shown = "".join(span(piece) if at % 2 else _words(piece) for at, piece in enumerate(pieces))
    return STARTS.sub(lambda match: f"{match['number']}\\" if match["number"] else "\\", shown)


def _words(words: str) -> str:
    shown, at = [], 0
    for match in LINKED.finditer(words):
        shown += [_escaped(words[at : match.start()]), span(match[0])]
        at = match.end()
    return "".join([*shown, _escaped(words[at:])])


def _escaped(words: str) -> str:
    return SIGNS.sub(lambda match: f"\\{match[0]}", words)


def _longest(words: str) -> int:
    return max(map(len, RUNS.findall(words)), default=0)


def _address(address: str) -> str:
    return re.sub(r"[<>\s\\]", "", address)
