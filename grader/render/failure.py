"""What stands below a result that did not pass: what was asked, what came, why, and how to mend it."""

from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from grader.render.clean import clean, left_out, one_line, uncolored
from grader.render.difference import compare
from grader.render.lines import INDENT, copyable, field, hanging, labelled, measure, prose, room
from grader.report import Result

LOG_LINES = 8


def failure(result: Result, console: Console, *, page: str, above: str) -> Iterator[Text]:
    """All that helps a student who lost these points.

    :param page: where it is taught, if that was not named before
    :param above: the title of the result that had the same diagnosis before, if one had
    """
    yield from copyable("asked", result.asked)
    yield from _difference(result, console)
    if above:
        yield from field("why", f"same cause as above: {one_line(above)}", console, "bold")
    else:
        yield from _reason(result, console)
    yield from prose("hint", result.hint, console)
    yield from copyable("learn", page)
    yield Text()


def _reason(result: Result, console: Console) -> Iterator[Text]:
    if result.diagnosis:
        yield from prose("why", result.diagnosis.cause, console, "bold")
        yield from copyable("look", result.diagnosis.look)
        yield from prose("mend", result.diagnosis.mend, console)
    yield from _log(result.log, "build" if result.kind == "build" else "container", console)


def error(result: Result, console: Console) -> Iterator[Text]:
    """What went wrong on our side, for whoever can mend it."""
    words = "This is not your fault and costs you no points: the check could not be carried out."
    yield from hanging(Text(" " * INDENT), words, console)
    yield from copyable("asked", result.asked)
    yield from field("because", result.got, console)
    yield from _log(result.log, "build" if result.kind == "build" else "container", console)
    yield from _log(result.traceback, "grader", console)
    yield Text()


def _difference(result: Result, console: Console) -> Iterator[Text]:
    if not result.expected:
        yield from field("got", result.got, console)
        return
    shown = compare(result.expected, result.got, room(console))
    yield from _side("expected", shown.expected, "green", console)
    for number, line in enumerate(shown.got):
        yield from _side("got" if number == 0 else "", (line,), "red", console)
        if number == shown.marked:
            yield from _caret(shown.column, shown.words, console)
    if shown.marked is None:
        yield from field("", shown.words, console, "bold")


def _side(label: str, lines: tuple[str, ...], style: str, console: Console) -> Iterator[Text]:
    """Lines that are clean already: what stands in them has been made visible."""
    yield from hanging(labelled(label), "\n".join(lines), console, style)


def _caret(column: int, words: str, console: Console) -> Iterator[Text]:
    """A caret under the first difference, its words beside it, or below for want of room."""
    if column + 2 + len(words) <= room(console):
        pointers = [f"{' ' * column}^ {words}"]
    elif len(words) < column:
        pointers = [f"{words} ^".rjust(column + 1)]
    else:
        pointers = [f"{' ' * column}^", words]
    for pointer in pointers:
        yield from hanging(labelled(""), pointer, console, "bold")


def _log(log: str, source: str, console: Console) -> Iterator[Text]:
    """The last lines, behind a bar, so that they are not taken for the grader's own words."""
    lines = uncolored(log).rstrip().split("\n")
    if not lines[-1]:
        return
    earlier = len(lines) - LOG_LINES
    yield Text(f"{' ' * INDENT}the end of the {source}'s log:", "dim")
    if earlier > 0:
        lines = [left_out(earlier, "line"), *lines[-LOG_LINES:]]
    bar = Text(f"{' ' * INDENT}│ ", "dim")
    width = measure(console) - bar.cell_len
    for line in clean("\n".join(lines), width=3 * width).split("\n"):
        for piece in Text(line, "dim").wrap(console, width):
            yield Text.assemble(bar, piece)
