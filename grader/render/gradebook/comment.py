"""A comment for one student in a gradebook: the score and what was lost, short, as HTML that holds no live text."""

from markupsafe import Markup

from grader.batch.gradebook import Entry, Gradebook
from grader.render.clean import clean
from grader.render.gradebook.details import Field, Line, lines
from grader.render.gradebook.html import prose
from grader.render.gradebook.options import Options
from grader.render.gradebook.standing import corrected, holding, score
from grader.report import Outcome

OURS = '<div class="shipshape">'  # by which one of ours is known again
BREAK = Markup("<br>")
TOLD = {"why", "mend", "hint", "learn", "skipped", "corrected"}


def comment(entry: Entry, gradebook: Gradebook, options: Options) -> str:
    """One line, so that no reader of CSV breaks it; the whole story is in the feedback file."""
    said = [f"{score(entry, gradebook)}."]
    said += [corrected(each, gradebook) for each in holding(entry) if not each.check]
    whole = Markup("").join(Markup("<p>{}</p>").format(_rows(clean(each))) for each in said)
    lost = [_item(line) for line in lines(entry, gradebook, options) if line.result.outcome is not Outcome.PASS]
    if lost:
        whole += Markup("<ul>{}</ul>").format(Markup("").join(lost))
    return f"{OURS}{whole}</div>"


def _item(line: Line) -> Markup:
    points = f" ({line.points})" if line.points else ""
    told = [_field(field) for field in line.fields if field.label in TOLD]
    return Markup("<li>{}</li>").format(BREAK.join([prose(line.title + points), *told]))


def _field(field: Field) -> Markup:
    text = _rows(prose(field.text))
    if field.address:
        text = Markup('<a href="{}">{}</a>').format(field.address, text)
    return Markup("{}: {}").format(field.label, text)


def _rows(text: str | Markup) -> Markup:
    return BREAK.join(text.split("\n"))
