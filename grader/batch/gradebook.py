"""What a class came to: an Entry for each student, and the Gradebook that holds them; every output is drawn from it."""

from collections.abc import Mapping
from enum import StrEnum

import msgspec

from grader.batch.likeness import Likeness
from grader.intake.handed import Student
from grader.report import Outcome, Report, Result


class State(StrEnum):
    """How far one student's hand-in has come."""

    GRADED = "graded"
    WAITING = "waiting"  # handed in, and not graded yet: the batch was stopped
    UNGRADED = "ungraded"  # graded as often as the bound allows, and the last try still could not tell
    REFUSED = "refused"  # handed in, and it is no submission: a bomb, a broken archive, a file too large
    MISSING = "missing"  # on the roster, and handed nothing in


class Correction(msgspec.Struct, frozen=True, kw_only=True):
    """What an instructor decided by hand; it outlives every new grading."""

    check: str = ""  # the id of one check, or nothing: the whole score
    points: float
    reason: str
    at: str  # ISO 8601, UTC


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """One check as a gradebook heads its column."""

    id: str
    title: str
    points: int
    objective: str = ""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One student's line."""

    student: Student
    state: State
    source: str = ""  # where the hand-in lay, as it is shown
    late: bool = False
    report: Report | None = None  # the newest; with an ERROR in it where the state is UNGRADED
    refusal: str = ""  # one line, where the state is REFUSED
    corrections: tuple[Correction, ...] = ()  # in the order of their making: of two for one check the last holds

    @property
    def points(self) -> float | None:
        """The score with corrections, or None where there is none: never a zero that nobody decided."""
        if "" in self.decided:
            return self.decided[""]
        if self.state is not State.GRADED or self.report is None:
            return None
        return sum(self.decided.get(result.id, result.points) for result in self.report.results)

    @property
    def decided(self) -> Mapping[str, float]:
        """The points that were set by hand, by the id of the check; under no id those of the whole."""
        return {each.check: each.points for each in self.corrections}

    def mark(self, check: str) -> float | None:
        """The points for one check with corrections, or None where nobody can tell."""
        if check in self.decided:
            return self.decided[check]
        result = self.result(check)
        if result is None or result.outcome is Outcome.ERROR:
            return None
        # What was skipped in a report with an ERROR may have been skipped for it.
        unknown = result.outcome is Outcome.SKIP and self.outcome is Outcome.ERROR
        return None if unknown else result.points

    def result(self, check: str) -> Result | None:
        """What the newest report says of one check, or None where there is no verdict."""
        results = self.verdict.results if self.verdict else ()
        return next((result for result in results if result.id == check), None)

    @property
    def verdict(self) -> Report | None:
        """The report where it is of what was handed in; of one who waits to be graded again, nothing."""
        return self.report if self.state in (State.GRADED, State.UNGRADED) else None

    @property
    def cause(self) -> str:
        """The id of the first diagnosis, or nothing."""
        results = self.verdict.results if self.verdict else ()
        return next((result.diagnosis.id for result in results if result.diagnosis), "")

    @property
    def outcome(self) -> Outcome | None:
        """Of the report, or None where there is none."""
        return self.report.outcome if self.report else None


class Gradebook(msgspec.Struct, frozen=True, kw_only=True):
    """A class and an exercise, as the store has them at one moment."""

    exercise: str  # its slug
    title: str
    unit: str  # the slug of the unit whose page it belongs to
    questions: tuple[Question, ...]  # one for each check, in the order of the exercise
    entries: tuple[Entry, ...]  # in the order of their names
    started: str  # of the batch: ISO 8601, UTC
    finished: str  # the moment this was read from the store
    engine: str = ""
    notes: tuple[str, ...] = ()  # what the instructor should know of the batch as a whole
    likenesses: tuple[Likeness, ...] = ()  # the most alike first

    @property
    def max_points(self) -> int:
        return sum(question.points for question in self.questions)

    @property
    def exit_code(self) -> int:
        """What the command line leaves with: 4 where somebody's hand-in could not be graded, else 0."""
        untold = (State.UNGRADED, State.WAITING)
        return 4 if any(entry.state in untold and entry.points is None for entry in self.entries) else 0
