"""Reads a batch's file into a Gradebook: each student's newest report, in the words of the exercise as it is now."""

from collections.abc import Mapping

import msgspec

from grader.batch import kit as kits
from grader.batch.gradebook import Entry, Gradebook, Question, State
from grader.batch.kit import Kit
from grader.batch.likeness import Likeness, alike
from grader.batch.roll import Row
from grader.batch.schema import now
from grader.batch.store import Store
from grader.batch.work import Due
from grader.exercise import Exercise
from grader.grade import with_hints
from grader.report import Report, Result

TRIES = 3  # of one submission in one run of the batch, where each ended in an ERROR


def gradebook(store: Store, *, compare: bool = False) -> Gradebook:
    """The class as the file has it at this moment.

    :param compare: look for submissions that are alike, too
    :raises UsageError: the batch was never begun
    """
    kit = store.kit()
    due = {each.parcel: each for each in store.work.due()}
    with kits.laid_out(kit) as exercise:
        entries = [_entry(store, row, exercise, due) for row in store.roll.rows()]
    return Gradebook(
        exercise=kit.slug,
        title=exercise.title,
        unit=exercise.unit,
        questions=tuple(
            Question(id=check.id, title=check.title, points=check.points, objective=check.objective)
            for check in exercise.checks
        ),
        entries=tuple(sorted(entries, key=lambda entry: (entry.student.name.casefold(), entry.student.key))),
        started=store.started,
        finished=now(),
        engine=store.engine,
        likenesses=_likenesses(store, kit) if compare else (),
    )


def _likenesses(store: Store, kit: Kit) -> tuple[Likeness, ...]:
    """Identical contents are one parcel, and looked at once for each who handed it in."""
    submissions: dict[str, Mapping[str, bytes]] = {}
    for key, students in store.roll.handed_in().items():
        files = store.roll.parcel(key).files
        submissions |= {student.key: files for student in students}
    return alike(submissions, [kit.starter])


def _entry(store: Store, row: Row, exercise: Exercise, due: dict[str, Due]) -> Entry:
    grading = store.work.newest(row.parcel) if row.parcel else None
    report = _dressed(grading.report, exercise, row) if grading else None
    return Entry(
        student=row.student,
        state=_state(row, due.get(row.parcel or ""), report),
        source=row.source,
        late=row.late,
        report=report,
        refusal=row.refusal,
        corrections=store.corrections(row.student.key),
    )


def _state(row: Row, due: Due | None, report: Report | None) -> State:
    if row.refusal:
        return State.REFUSED
    if row.parcel is None:
        return State.MISSING
    if due is None and report is not None:
        return State.GRADED
    return State.UNGRADED if due is not None and due.tries >= TRIES else State.WAITING


def _dressed(report: Report, exercise: Exercise, row: Row) -> Report:
    """The report as it would be written today: with the titles, the points and the hints that the exercise has now."""
    checks = {check.id: check for check in exercise.checks}
    there = {result.id: result for result in report.results}
    order = [each for each in ("build", "start", *checks) if each in there]

    def dressed(result: Result) -> Result:
        check = checks.get(result.id)
        return msgspec.structs.replace(result, title=check.title, max_points=check.points) if check else result

    results = tuple(dressed(there[each]) for each in order)
    report = msgspec.structs.replace(report, title=exercise.title, submission=row.source, results=results)
    return with_hints(report, exercise, {})
