"""How one student stands, in the words and numbers that every format shares."""

from collections.abc import Iterator
from datetime import UTC, datetime

from grader.batch.gradebook import Correction, Entry, Gradebook, State
from grader.render.clean import one_line
from grader.report import Outcome

NAME = 200  # characters of a name or an address: the longest are shorter


def number(points: float | None) -> str:
    """Points as they are read: `7`, `7.5`, and nothing where there are none."""
    if points is None:
        return ""
    text = f"{points:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def name(entry: Entry) -> str:
    """The student's name, or the key where there is none."""
    return one_line(entry.student.name, width=NAME) or entry.student.key


def who(entry: Entry) -> str:
    """A student in a line of the instructor's."""
    email = one_line(entry.student.email, width=NAME)
    return f"{name(entry)} ({email})" if email else name(entry)


def moment(time: str) -> str:
    """A time as it is read, to the minute; in UTC, as it was written down."""
    try:
        return datetime.fromisoformat(time).astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
    except ValueError:
        return time


def score(entry: Entry, gradebook: Gradebook) -> str:
    """The score in words, or that there is none."""
    if entry.points is None:
        return "no score"
    return f"{number(entry.points)} of {number(gradebook.max_points)} points"


def without(entry: Entry) -> str:
    """Why there is no score, for the instructor; nothing where there is one."""
    if entry.points is not None:
        return ""
    if entry.state is State.REFUSED:
        return f"refused: {entry.refusal}" if entry.refusal else "refused"
    if entry.state is State.UNGRADED:
        return f"could not be graded: {fault(entry)}"
    return "nothing was handed in" if entry.state is State.MISSING else "not graded yet"


def fault(entry: Entry) -> str:
    """What kept the grader from telling, in its own words."""
    results = entry.verdict.results if entry.verdict else ()
    return next((result.got for result in results if result.outcome is Outcome.ERROR), "") or "no reason is known"


def holding(entry: Entry) -> tuple[Correction, ...]:
    """The corrections that count: of two for one check the last; one of the whole score sets the others aside."""
    last = {each.check: each for each in entry.corrections}
    return (last[""],) if "" in last else tuple(last.values())


def corrected(correction: Correction, gradebook: Gradebook) -> str:
    """A correction in words, for the student too."""
    titles = {question.id: question.title for question in gradebook.questions}
    what = f" for {titles.get(correction.check, correction.check)}" if correction.check else ""
    return f"corrected by hand to {number(correction.points)}{what}: {correction.reason}"


def remarks(entry: Entry, gradebook: Gradebook) -> Iterator[str]:
    """What else is to be said of an entry, each in a line."""
    if reason := without(entry):
        yield reason
    for correction in holding(entry):
        yield corrected(correction, gradebook)
