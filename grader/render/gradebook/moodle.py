"""moodle.csv: the grading worksheet that was downloaded from Moodle, with grades and comments filled in."""

import re
from collections.abc import Iterator, Sequence

from grader.batch.gradebook import Gradebook
from grader.errors import UsageError
from grader.render.gradebook.cells import kept
from grader.render.gradebook.comment import OURS, comment
from grader.render.gradebook.options import Options
from grader.render.gradebook.placing import Key, ids, name, place, plain
from grader.render.gradebook.scale import parse, scale
from grader.render.gradebook.sheet import Sheet, read
from grader.render.gradebook.standing import who
from grader.render.gradebook.writing import Drawing

FILE = "moodle.csv"
WHAT = "the grading worksheet that Moodle hands out"
IDENTIFIER = "Identifier"  # "Participant 9001"; the number is also in the names of the files that were handed in
GRADE = "Grade"
MAXIMUM = "Maximum Grade"
CHANGEABLE = "Grade can be changed"
COMMENTS = "Feedback comments"
NO = "no"
# What Moodle reads again, and compares to what it has.
READ = (IDENTIFIER, GRADE, MAXIMUM, CHANGEABLE, COMMENTS, "Last modified (submission)", "Last modified (grade)")


def draw(gradebook: Gradebook, options: Options) -> Drawing:
    """Rows without a score stay as they are, to the letter: Moodle would take an empty comment for a new one.

    :raises UsageError: no worksheet was named, or it has no points to fill in
    """
    if options.moodle is None:
        raise UsageError(f"{WHAT} is to be filled in: download it from the assignment, and name it")
    sheet = read(options.moodle, needs={IDENTIFIER: WHAT})
    grade, scaled = sheet.column(GRADE), scale(gradebook, _maximum(sheet))
    placed = place(gradebook.entries, sheet.rows, _keys(sheet))
    scored = {at: entry for at, entry in placed.rows.items() if entry.points is not None}
    locked = {at: entry for at, entry in scored.items() if plain(_cell(sheet, at, CHANGEABLE)) == NO}
    commented = {
        at: entry for at, entry in scored.items() if at not in locked and not _ours(_cell(sheet, at, COMMENTS))
    }
    rows = [_kept(row, sheet) for row in sheet.rows]
    for at, entry in scored.items():
        if at not in locked:
            rows[at][grade] = scaled.grade(min(max(entry.points or 0, 0), gradebook.max_points))
        if at not in locked | commented and (comments := sheet.find(COMMENTS)) is not None:
            rows[at][comments] = comment(entry, gradebook, options)
    notes = scaled.notes(sheet.name)
    notes += [f"not in {sheet.name}: {who(entry)}" for entry in placed.without]
    notes += [f"locked in {sheet.name}, and left alone: {who(entry)}" for entry in locked.values()]
    notes += [f"commented on in {sheet.name}, which stays: {who(entry)}" for entry in commented.values()]
    return Drawing(files=[(FILE, sheet.text([sheet.header, *rows]))], notes=tuple(notes))


def _cell(sheet: Sheet, row: int, column: str) -> str:
    """A cell of a column that a worksheet may lack."""
    at = sheet.find(column)
    return sheet.rows[row][at] if at is not None else ""


def _ours(text: str) -> bool:
    """Whether a comment may be replaced: there is none, or it is one of an earlier time; never an instructor's."""
    return not text.strip() or text.startswith(OURS)


def _maximum(sheet: Sheet) -> str:
    """What the assignment counts to; all rows say the same.

    :raises UsageError: it is graded with words, which points cannot be turned into
    """
    maximum = _cell(sheet, 0, MAXIMUM) if sheet.rows else ""
    if sheet.rows and not parse(maximum):
        raise UsageError(f"{sheet.name} has {maximum!r} as its maximum grade: set the assignment to points, and again")
    return maximum


def _kept(row: Sequence[str], sheet: Sheet) -> list[str]:
    """What Moodle reads stays as it was; a text that a student wrote online is shown and never computed."""
    return [text if column in READ else kept(text) for column, text in zip(sheet.header, row, strict=True)]


def _keys(sheet: Sheet) -> Iterator[Key]:
    # With blind marking there is nothing but this number.
    yield Key(columns=[sheet.column(IDENTIFIER)], values=ids("moodle"), normal=_participant)
    if (email := sheet.find("Email address")) is not None:
        yield Key(columns=[email], values=lambda student: [student.email])
    if (full := sheet.find("Full name")) is not None:
        yield Key(columns=[full], values=lambda student: [student.name], normal=name)


def _participant(text: str) -> str:
    """The number of "Participant 9001", in whatever language."""
    return "".join(re.findall(r"\d+$", text.strip()))
