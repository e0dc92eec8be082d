"""classroom50/KEY/result.json: a result as Classroom 50 collects it, for each student."""

import math
from collections.abc import Iterator
from typing import Any

from grader.batch.gradebook import Entry, Gradebook
from grader.render.clean import one_line
from grader.render.gradebook.absent import absent, notes
from grader.render.gradebook.options import Options
from grader.render.gradebook.writing import Drawing
from grader.render.json import dumps

SCHEMA = "classroom50/result/v1"
FOLDER = "classroom50"
FILE = "result.json"


def draw(gradebook: Gradebook, options: Options) -> Drawing:
    """No file for a student without a score: the schema has no other word for it than a number."""
    return Drawing(files=_files(gradebook, options), notes=notes(gradebook))


def _files(gradebook: Gradebook, options: Options) -> Iterator[tuple[str, str | None]]:
    for entry in gradebook.entries:
        known = entry.points is not None
        yield (
            f"{FOLDER}/{entry.student.key}/{FILE}",
            dumps(_result(entry, gradebook, options)) + "\n" if known else None,
        )
    yield absent(gradebook, FOLDER)


def _result(entry: Entry, gradebook: Gradebook, options: Options) -> dict[str, Any]:
    ids = entry.student.ids
    return {
        "schema": SCHEMA,
        "classroom": options.classroom,
        "assignment": gradebook.exercise,
        "owner": one_line(ids.get("github", ids.get("login", entry.student.key))),
        "assignment_type": "individual",
        # Where the work lies on GitHub we were not told.
        "submission": "",
        "commit": "",
        "release": "",
        "review": "",
        "datetime": entry.verdict.started if entry.verdict else gradebook.finished,
        "score": whole(entry.points or 0),
        "max-score": gradebook.max_points,
        "tests": [
            {
                "test-name": one_line(question.title),
                "passed": (entry.mark(question.id) or 0) >= question.points,
                "score": whole(entry.mark(question.id) or 0),
                "max-score": question.points,
            }
            for question in gradebook.questions
        ],
    }


def whole(points: float) -> int:
    """The schema has no halves; half a point given by hand is rounded up, for the student."""
    return math.floor(points + 0.5)
