"""A comment for one student in a gradebook: the score and what was lost, short, as HTML that holds no live text."""

import html
from collections.abc import Iterator

from grader.batch.gradebook import Entry, Gradebook
from grader.render.clean import clean
from grader.render.gradebook.details import Field, Line, lines
from grader.render.gradebook.options import Options
from grader.render.gradebook.standing import corrected, holding, score
from grader.render.lines import CODE
from grader.report import Outcome

OURS = '<div class="shipshape">'  # by which one of ours is known again
TOLD = {"why", "mend", "hint", "learn", "skipped", "corrected"}


def comment(entry: Entry, gradebook: Gradebook, options: Options) -> str:
    """One line, so that no reader of CSV breaks it; the whole story is in the feedback file."""
    rows = [OURS, f"<p>{_text(score(entry, gradebook))}.</p>"]
    rows += [f"<p>{_text(corrected(each, gradebook))}</p>" for each in holding(entry) if not each.check]
    lost = [_item(line) for line in lines(entry, gradebook, options) if line.result.outcome is not Outcome.PASS]
    if lost:
        rows.append(f"<ul>{''.join(lost)}</ul>")
    return "".join([*rows, "</div>"])


def _item(line: Line) -> str:
    points = f" ({line.points})" if line.points else ""
    return f"<li>{_text(line.title + points)}{''.join(_fields(line.fields))}</li>"


def _fields(fields: tuple[Field, ...]) -> Iterator[str]:
    for field in fields:
        if field.label not in TOLD:
            continue
        text = prose(field.text)
        if field.address:
            text = f'<a href="{html.escape(field.address)}">{text}</a>'
        yield f"<br>{field.label}: {text}"


def prose(text: str) -> str:
    """Text with its code, which stood in backquotes, set as code."""
    # Every other piece is code: it was between two backquotes.
    pieces = CODE.split(text)
    return "".join(f"<code>{_text(piece)}</code>" if at % 2 else _text(piece) for at, piece in enumerate(pieces))


def _text(text: str) -> str:
    return html.escape(clean(text)).replace("\n", "<br>")
