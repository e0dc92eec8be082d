"""Points that an instructor sets by hand, checked against the batch that they are for."""

from collections.abc import Iterable

from grader.batch.book import gradebook
from grader.batch.gradebook import Correction, Entry, Gradebook
from grader.batch.schema import now
from grader.batch.store import Store
from grader.errors import UsageError
from grader.spec import nearest


def correct(store: Store, student: str, points: float, *, check: str, reason: str) -> str:
    """Set a student's points for one check, or for all of it; returns a line that says what was done.

    :param student: the key, the name or the email address
    :raises UsageError: there is no such student or check, or the points are more than it is worth
    """
    book = gradebook(store)
    entry = _entry(book, student)
    worth = _worth(book, check)
    if points > worth:
        raise UsageError(f"{points:g} points are more than {check or book.exercise} is worth: {worth}")
    if not reason.strip():
        raise UsageError("--reason is empty: the student reads it, so say why")
    store.correct(entry.student.key, Correction(check=check, points=points, reason=reason.strip(), at=now()))
    of = f" for {check}" if check else ""
    return f"{entry.student.name}: {points:g} of {worth}{of}, because: {reason.strip()}"


def _entry(book: Gradebook, who: str) -> Entry:
    found = [each for each in book.entries if who in (each.student.key, each.student.name, each.student.email)]
    if len(found) == 1:
        return found[0]
    keys = [each.student.key for each in found or book.entries]
    if found:
        raise UsageError(f"{who!r} are {len(found)} students: name one by the key, of {', '.join(keys)}")
    raise UsageError(f"no student {who!r} in this batch{_meant(who, keys)}")


def _worth(book: Gradebook, check: str) -> int:
    worth = {question.id: question.points for question in book.questions}
    if not check:
        return book.max_points
    if check not in worth:
        raise UsageError(f"no check {check!r} in {book.exercise}{_meant(check, worth)}")
    return worth[check]


def _meant(word: str, known: Iterable[str]) -> str:
    guess = nearest(word, known)
    return f": did you mean {guess!r}?" if guess else ": look at grades.csv"
