"""The lines that a text report is made of: a label, and text that hangs beside it or must not be broken."""

import re
from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from grader.render.clean import clean, one_line

INDENT = 4
LABEL = 10  # cells of the label column
WIDEST = 100  # longer lines are hard to read, however wide the terminal
CODE = re.compile("`([^`\n]+)`")


def measure(console: Console) -> int:
    """How wide a line of the report may be."""
    return min(console.width, WIDEST)


def room(console: Console) -> int:
    """How wide what stands beside a label may be."""
    return max(measure(console) - INDENT - LABEL, 20)


def hanging(lead: Text, text: str | Text, console: Console, style: str = "") -> Iterator[Text]:
    """The text after its lead, wrapped, each further line under the start of the first."""
    space = Text(" " * lead.cell_len)
    whole = Text(text, style) if isinstance(text, str) else text
    for paragraph in whole.split(allow_blank=True):
        for piece in paragraph.wrap(console, max(measure(console) - lead.cell_len, 20)):
            yield Text.assemble(lead, piece)
            lead = space


def field(label: str, text: str, console: Console, style: str = "") -> Iterator[Text]:
    """A labelled paragraph, or nothing where there is no text."""
    if text:
        yield from hanging(labelled(label), clean(text), console, style)


def prose(label: str, text: str, console: Console, style: str = "") -> Iterator[Text]:
    """A labelled paragraph with code in backquotes: where there is color, it stands in their place."""
    if text:
        yield from hanging(labelled(label), _code_marked(clean(text), console, style), console)


def _code_marked(text: str, console: Console, style: str) -> Text:
    if console.color_system is None or console.no_color:
        return Text(text, style)
    # Every other piece is code: it was between two backquotes.
    pieces = CODE.split(text)
    return Text.assemble(*((piece, "cyan" if number % 2 else "") for number, piece in enumerate(pieces)), style=style)


def copyable(label: str, text: str) -> Iterator[Text]:
    """A labelled command or address on one line of its own, whatever its length, so that it can be copied."""
    if text:
        yield Text.assemble(labelled(label), (one_line(text), "cyan"))


def labelled(label: str) -> Text:
    return Text.assemble(" " * INDENT, (label.ljust(LABEL), "dim"))
