"""Who is left out of a format in which a student without a score would look like one with none of the points."""

from grader.batch.gradebook import Gradebook
from grader.render.clean import one_line
from grader.render.gradebook.standing import who, without

FILE = "WITHOUT-A-SCORE.txt"


def absent(gradebook: Gradebook, folder: str) -> tuple[str, str | None]:
    """A list of them for the instructor, or None where everybody has a score: no such file then."""
    lines = [
        f"{entry.student.key}: {who(entry)}: {one_line(without(entry))}\n"
        for entry in gradebook.entries
        if entry.points is None
    ]
    return f"{folder}/{FILE}", "".join(lines) or None


def notes(gradebook: Gradebook) -> tuple[str, ...]:
    count = sum(entry.points is None for entry in gradebook.entries)
    return (f"{count} without a score: named in {FILE}, and left out",) if count else ()
