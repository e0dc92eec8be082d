"""actions/KEY.txt: the result that graders for GitHub Actions put out, base64 in one line, for each student."""

import base64
import re
from collections.abc import Iterator
from typing import Any

from grader.batch.gradebook import Entry, Gradebook
from grader.render.clean import one_line
from grader.render.gradebook.absent import absent, notes
from grader.render.gradebook.details import Line, lines, plain
from grader.render.gradebook.options import Options
from grader.render.gradebook.standing import corrected, holding
from grader.render.gradebook.writing import Drawing
from grader.render.json import dumps
from grader.report import Outcome

FOLDER = "actions"
VERSION = 1
# A reporter prints the messages into a log, whose reader takes these for its own commands.
COMMAND = re.compile(r"^\s*(?=::)|#(?=#\[)", re.MULTILINE)


def draw(gradebook: Gradebook, options: Options) -> Drawing:
    """No file for a student without a score: the reporter would add it up to 0 points."""
    return Drawing(files=_files(gradebook, options), notes=notes(gradebook))


def _files(gradebook: Gradebook, options: Options) -> Iterator[tuple[str, str | None]]:
    for entry in gradebook.entries:
        text = None
        if entry.points is not None:
            text = base64.b64encode(dumps(_result(entry, gradebook, options)).encode()).decode() + "\n"
        yield f"{FOLDER}/{entry.student.key}.txt", text
    yield absent(gradebook, FOLDER)


def _result(entry: Entry, gradebook: Gradebook, options: Options) -> dict[str, Any]:
    tests = [_test(line, entry) for line in lines(entry, gradebook, options)]
    # The reporter adds up the tests: what was decided of the whole is one more of them.
    difference = (entry.points or 0) - sum(test["score"] for test in tests)
    if difference:
        reasons = "; ".join(corrected(each, gradebook) for each in holding(entry))
        tests.append(_shape("Correction by hand", "pass", difference, message=reasons))
    return {
        "version": VERSION,
        "status": "pass" if (entry.points or 0) >= gradebook.max_points else "fail",
        "max_score": gradebook.max_points,
        "tests": tests,
    }


def _test(line: Line, entry: Entry) -> dict[str, Any]:
    result = line.result
    mark = entry.mark(result.id) or 0
    full = mark >= result.max_points if result.max_points else result.outcome is Outcome.PASS
    status = "error" if result.outcome is Outcome.ERROR and not full else "pass" if full else "fail"
    shape = _shape(line.title, status, mark, message=plain(line.fields), test_code=one_line(result.asked))
    return {**shape, "duration": round(result.seconds * 1000)}


def _shape(name: str, status: str, score: float, *, message: str, test_code: str = "") -> dict[str, Any]:
    return {
        "name": _harmless(name),
        "status": status,
        "score": score,
        "message": _harmless(message),
        "test_code": _harmless(test_code),
        "filename": "",
        "line_no": 0,
        "duration": 0,
    }


def _harmless(text: str) -> str:
    return COMMAND.sub(lambda match: f"{match[0]}\\", text)
