"""canvas.csv: the gradebook that Canvas exported with one column filled in, or one made from what we know."""

import re
from collections.abc import Iterator, Sequence

from grader.batch.gradebook import Entry, Gradebook
from grader.errors import UsageError
from grader.render.clean import one_line
from grader.render.gradebook.cells import cell, kept, table
from grader.render.gradebook.options import Options
from grader.render.gradebook.placing import Key, ids, name, place, plain
from grader.render.gradebook.scale import Scale, scale
from grader.render.gradebook.sheet import Sheet, read
from grader.render.gradebook.standing import number, who
from grader.render.gradebook.writing import Drawing

FILE = "canvas.csv"
WHAT = "the gradebook that Canvas exports as CSV"
LAST = "Section"  # of the columns that say who a student is; what follows is custom, an assignment or a total
POINTS = "Points Possible"
MADE = ("Student", "ID", "SIS User ID", "SIS Login ID", LAST)
TITLED = re.compile(r"(?P<title>.*)\s\((?P<id>\d+)\)", re.DOTALL)
EXCUSED = "EX"


def draw(gradebook: Gradebook, options: Options) -> Drawing:
    """Where there is no score the cell stays what it was: Canvas takes an empty one for a grade taken back."""
    if options.canvas is None:
        return Drawing(files=[(FILE, table(_made(gradebook, options)))])
    sheet = read(options.canvas, needs={"ID": WHAT})
    return _filled(gradebook, sheet, _assignment(gradebook, sheet, options))


def _made(gradebook: Gradebook, options: Options) -> Iterator[Sequence[str]]:
    yield (*MADE, cell(options.assignment or gradebook.title))
    yield (f"    {POINTS}", *[""] * (len(MADE) - 1), number(gradebook.max_points))
    for entry in gradebook.entries:
        known = entry.student.ids
        login = known.get("login", entry.student.email)
        student = (entry.student.name, known.get("canvas", ""), known.get("sis", ""), login, "")
        yield (*map(cell, student), number(entry.points))


def _assignment(gradebook: Gradebook, sheet: Sheet, options: Options) -> int:
    """The column to fill in.

    :raises UsageError: none or more than one has the title; names those that there are
    """
    wanted = options.assignment or gradebook.title
    after = sheet.column(LAST) + 1
    titles = {at: TITLED.fullmatch(sheet.header[at]) for at in range(after, len(sheet.header))}
    assignments = {at: match for at, match in titles.items() if match}
    found = [at for at, match in assignments.items() if wanted in (match["id"], sheet.header[at])]
    found = found or [at for at, match in assignments.items() if plain(match["title"]) == plain(wanted)]
    if len(found) == 1:
        return found[0]
    there = ", ".join(one_line(sheet.header[at]) for at in assignments) or "none"
    several = "more than one assignment" if found else "no assignment"
    raise UsageError(f"{sheet.name} has {several} {wanted!r}: name one by its title or its id, of {there}")


def _filled(gradebook: Gradebook, sheet: Sheet, assignment: int) -> Drawing:
    last = sheet.column(LAST)
    possible = next((row[assignment] for row in sheet.rows if POINTS in row[0]), "")
    if "read only" in possible:
        raise UsageError(f"{sheet.name}: {sheet.header[assignment]!r} is read only there, so Canvas would not take it")
    students = [number for number, row in enumerate(sheet.rows) if _is_student(row, last)]
    placed = place(gradebook.entries, [sheet.rows[number] for number in students], _keys(sheet))
    entries = {students[row]: entry for row, entry in placed.rows.items()}
    scaled = scale(gradebook, possible)
    rows = [sheet.header, *(_row(row, assignment, entries.get(at), scaled) for at, row in enumerate(sheet.rows))]
    excused = [
        entry for row, entry in entries.items() if entry.points is not None and _excused(sheet.rows[row][assignment])
    ]
    notes = scaled.notes(sheet.name)
    notes += [f"not in {sheet.name}: {who(entry)}" for entry in placed.without]
    notes += [f"excused in {sheet.name}, and left so: {who(entry)}" for entry in excused]
    # No other assignment and no total: nothing else can change on import.
    columns = [*range(last + 1), assignment]
    return Drawing(files=[(FILE, sheet.text([[row[at] for at in columns] for row in rows]))], notes=tuple(notes))


def _row(row: Sequence[str], assignment: int, entry: Entry | None, scaled: Scale) -> list[str]:
    cells = [kept(text) for text in row]
    if entry and entry.points is not None and not _excused(row[assignment]):
        cells[assignment] = scaled.grade(entry.points)
    return cells


def _is_student(row: Sequence[str], last: int) -> bool:
    """Whether it is no row about the assignments: their points, and above it which are posted by hand."""
    return POINTS not in row[0] and any(cell.strip() for cell in row[:last])


def _excused(text: str) -> bool:
    return text.strip().upper() == EXCUSED


def _keys(sheet: Sheet) -> Iterator[Key]:
    """The order in which Canvas itself knows a student."""
    ways = (
        ("ID", ids("canvas")),
        ("SIS User ID", ids("sis", "roster")),
        ("SIS Login ID", ids("login", "roster")),
        ("SIS Login ID", lambda student: [student.email]),
    )
    for column, values in ways:
        if (at := sheet.find(column)) is not None:
            yield Key(columns=[at], values=values)
    # "Student", or "LastName" and "FirstName".
    yield Key(columns=range(sheet.column("ID")), values=lambda student: [student.name], normal=name)
