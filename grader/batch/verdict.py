"""The report of a grading that never came back: an ERROR throughout, which costs nobody a point."""

import traceback

from grader.batch.parcel import Parcel
from grader.batch.schema import now
from grader.errors import GraderError
from grader.exercise import Exercise
from grader.report import Outcome, Report, Result


def untold(exercise: Exercise, slug: str, parcel: Parcel, error: Exception) -> Report:
    """A report that says what kept the grading from being done."""
    known = isinstance(error, GraderError)
    words = str(error) if known else f"the grading was lost: {error!r}"
    trace = "" if known else "".join(traceback.format_exception(error))
    build = Result(
        id="build", kind="build", title="The image builds", outcome=Outcome.ERROR, got=words, traceback=trace
    )
    blocked = Result(id="start", kind="start", title="It starts", outcome=Outcome.SKIP, blocked_by="build")
    checks = (
        Result(
            id=check.id,
            kind=check.kind,
            title=check.title,
            outcome=Outcome.SKIP,
            max_points=check.points,
            blocked_by="build",
        )
        for check in exercise.checks
    )
    return Report(
        exercise=slug,
        title=exercise.title,
        submission=parcel.name,
        digest=parcel.digest,
        seed=0,
        results=(build, blocked, *checks),
        started=now(),
        seconds=0.0,
    )
