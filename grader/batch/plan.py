"""What of a batch is to be graded: what nobody has graded yet, what the exercise has changed, what is asked for."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache

import msgspec

from grader.batch import kit as kits
from grader.batch.kit import Kit
from grader.batch.store import Store
from grader.batch.work import Grading
from grader.errors import UsageError
from grader.exercise import Exercise
from grader.report import Outcome, Report
from grader.spec import nearest

ALL: tuple[str, ...] = ()  # all checks
EVERYTHING = "all"  # of what can be graded again
Keys = Mapping[str, str]

__all__ = ["ALL", "EVERYTHING", "again", "both", "merged", "unknown"]


def unknown(store: Store, kit: Kit) -> Mapping[str, tuple[str, ...]]:
    """Each submission whose verdict is not known for this exercise, with the checks that are missing."""
    keys = _reader(store)
    wanted = {}
    for key in store.roll.handed_in():
        grading = store.work.newest(key)
        if grading is None or grading.report.outcome is Outcome.ERROR:
            wanted[key] = ALL
        elif grading.kit != kit.digest and (changed := _changed(grading, keys(grading.kit), keys(kit.digest))):
            wanted[key] = ALL if len(changed) == len(keys(kit.digest)) else changed
    return wanted


def again(store: Store, kit: Kit, what: str) -> Mapping[str, tuple[str, ...]]:
    """What `--regrade what` asks for: everything, one check of every submission, or one student's submission.

    :raises UsageError: it is neither a check nor a student
    """
    handed_in = store.roll.handed_in()
    if what == EVERYTHING:
        return dict.fromkeys(handed_in, ALL)
    checks = _reader(store)(kit.digest)
    if what in checks:
        return dict.fromkeys(handed_in, (what,))
    theirs = [key for key, students in handed_in.items() if any(what in (each.key, each.name) for each in students)]
    if theirs:
        return dict.fromkeys(theirs, ALL)
    known = [*checks, *(each.key for students in handed_in.values() for each in students)]
    guess = nearest(what, known)
    hint = f"did you mean {guess!r}?" if guess else f"write {EVERYTHING!r}, a check's id, or a student's key"
    raise UsageError(f"--regrade {what}: no check and no student of that name; {hint}")


def both(one: Sequence[str], other: Sequence[str]) -> tuple[str, ...]:
    """The checks of two wishes for the same submission."""
    return tuple(dict.fromkeys((*one, *other))) if one and other else ALL


def merged(before: Grading | None, after: Report, exercise: Exercise) -> Report | None:
    """The whole report, where `after` has some of the checks alone; None where the two do not fit together.

    They fit where the submission built and started both times, or neither time.
    """
    if len(after.results) == len(exercise.checks) + 2 or after.outcome is Outcome.ERROR:
        return after
    if before is None or _stages(before.report) != _stages(after):
        return None
    results = {result.id: result for result in (*before.report.results, *after.results)}
    order = ("build", "start", *(check.id for check in exercise.checks))
    if any(each not in results for each in order):
        return None
    return msgspec.structs.replace(after, results=tuple(results[each] for each in order))


def _stages(report: Report) -> tuple[Outcome, ...]:
    return tuple(result.outcome for result in report.results[:2])


def _changed(grading: Grading, old: Keys, new: Keys) -> tuple[str, ...]:
    """The checks that have no result yet, or one that an earlier state of the exercise gave."""
    there = {result.id for result in grading.report.results}
    return tuple(check for check, key in new.items() if old.get(check) != key or check not in there)


def _reader(store: Store) -> Callable[[str], Keys]:
    """A function that gives the keys of an exercise's checks for its digest; each is read once."""

    @cache
    def read(digest: str) -> Keys:
        kit = store.kit(digest)
        with kits.laid_out(kit) as exercise:
            return kits.check_keys(exercise, kit)

    return read
