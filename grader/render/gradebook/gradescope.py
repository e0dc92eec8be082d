"""results/KEY/results.json: what an autograder on Gradescope leaves behind, for each student.

Gradescope takes results from its own autograder alone. So the folder is one: it runs nothing that was submitted, and
hands each student the result that is there under their address.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from grader.batch.gradebook import Entry, Gradebook
from grader.render.clean import clean
from grader.render.gradebook import details
from grader.render.gradebook.absent import absent, notes
from grader.render.gradebook.details import Line, lines
from grader.render.gradebook.options import Options
from grader.render.gradebook.placing import plain
from grader.render.gradebook.standing import corrected, holding, score
from grader.render.gradebook.writing import Drawing
from grader.render.json import dumps
from grader.report import Outcome

FOLDER = "results"
FILE = "results.json"
AUTOGRADER = ("run_autograder", "setup.sh")
TEMPLATES = Path(__file__).with_name("templates")


def draw(gradebook: Gradebook, options: Options) -> Drawing:
    """No file for a student without a score: Gradescope takes one for a score, and none for a run that failed."""
    return Drawing(files=_files(gradebook, options), notes=notes(gradebook))


def _files(gradebook: Gradebook, options: Options) -> Iterator[tuple[str, str | None]]:
    for entry in gradebook.entries:
        known = entry.points is not None
        yield (
            f"{FOLDER}/{entry.student.key}/{FILE}",
            dumps(_results(entry, gradebook, options)) + "\n" if known else None,
        )
    yield absent(gradebook, FOLDER)
    yield f"{FOLDER}/index.json", dumps(_index(gradebook)) + "\n"
    for name in AUTOGRADER:
        yield f"{FOLDER}/{name}", (TEMPLATES / name).read_text(encoding="utf-8")


def _index(gradebook: Gradebook) -> dict[str, str]:
    """The key of each student by address; one that two share belongs to neither."""
    addresses = Counter(plain(entry.student.email) for entry in gradebook.entries)
    return {
        address: entry.student.key
        for entry in gradebook.entries
        if (address := plain(entry.student.email)) and addresses[address] == 1
    }


def _results(entry: Entry, gradebook: Gradebook, options: Options) -> dict[str, Any]:
    report = entry.verdict
    output = [score(entry, gradebook)]
    output += [corrected(each, gradebook) for each in holding(entry) if not each.check]
    return {
        # Set above the tests: of a score that was corrected as a whole they say nothing.
        "score": float(entry.points or 0),
        "execution_time": round(report.seconds, 2) if report else 0.0,
        "output": clean("\n".join(output)),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [
            _test(number, line, entry, gradebook) for number, line in enumerate(lines(entry, gradebook, options), 1)
        ],
        "extra_data": {
            "exercise": gradebook.exercise,
            "state": entry.state.value,
            "late": entry.late,
            "cause": entry.cause,
            "digest": report.digest if report else "",
            "seed": report.seed if report else None,
        },
    }


def _test(number: int, line: Line, entry: Entry, gradebook: Gradebook) -> dict[str, Any]:
    result = line.result
    objective = next((question.objective for question in gradebook.questions if question.id == result.id), "")
    shown = {
        "name": line.title,
        "name_format": "text",
        "number": str(number),
        "output": details.plain(line.fields),
        "output_format": "text",
        "tags": [tag for tag in (result.kind, objective) if tag],
        "visibility": "visible",
    }
    if not result.max_points:
        status = "passed" if result.outcome is Outcome.PASS else "failed"
        return {"score": 0.0, "max_score": 0.0, "status": status, **shown}
    mark = entry.mark(result.id)
    if mark is None:  # of a score that was set as a whole: for this check nobody can tell
        return {"max_score": float(result.max_points), **shown}
    status = "passed" if mark >= result.max_points else "failed"
    return {"score": float(mark), "max_score": float(result.max_points), "status": status, **shown}
