"""grades.csv: a line for each student, a column for each check, for a spreadsheet or a script."""

from collections.abc import Iterator

from grader.batch.gradebook import Entry, Gradebook
from grader.render.gradebook.cells import cell, table
from grader.render.gradebook.options import Options
from grader.render.gradebook.standing import number, remarks
from grader.render.gradebook.writing import Drawing

FILE = "grades.csv"
BEFORE = ("student", "name", "email", "state", "points", "max_points")
AFTER = ("late", "cause", "note")


def draw(gradebook: Gradebook, options: Options) -> Drawing:
    """A cell is empty where nobody can tell, and 0 only where points were lost."""
    # No column of a check is taken for one of ours, whatever its id.
    checks = [cell(f"check:{question.id}") for question in gradebook.questions]
    rows = [[*BEFORE, *checks, *AFTER], *(list(_row(entry, gradebook)) for entry in gradebook.entries)]
    # Excel takes a file without the mark for one of the system's old code page, and no name survives that.
    return Drawing(files=[(FILE, table(rows, mark=True))])


def _row(entry: Entry, gradebook: Gradebook) -> Iterator[str]:
    student = entry.student
    yield from (cell(student.key), cell(student.name), cell(student.email), entry.state.value)
    yield from (number(entry.points), number(gradebook.max_points))
    yield from (number(entry.mark(question.id)) for question in gradebook.questions)
    yield from ("yes" if entry.late else "no", cell(entry.cause), cell("; ".join(remarks(entry, gradebook))))
