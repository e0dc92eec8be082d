"""What a grading came to: an Outcome for each Result, and the Report that holds them."""

from enum import StrEnum
from typing import Literal

import msgspec

SCHEMA: Literal["shipshape/report/v1"] = "shipshape/report/v1"


class Outcome(StrEnum):
    """How a check ended; the four that goss knows, under plainer names."""

    PASS = "pass"  # noqa: S105 -- not a password
    FAIL = "fail"
    SKIP = "skip"  # blocked by an earlier failure: its points are lost, its cause is named once
    ERROR = "error"  # we could not tell: the engine's fault or ours, never the student's


class Diagnosis(msgspec.Struct, frozen=True, kw_only=True):
    """A cause that the evidence proves: an entry of the catalogue, with this run's details filled in."""

    id: str
    cause: str
    look: str  # a command that shows it to the student
    mend: str
    unit: str  # the slug of the unit whose page teaches it


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """How one stage or one check ended, and why."""

    id: str
    kind: str  # a check kind, or the stage: "build", "start"
    title: str
    outcome: Outcome
    max_points: int = 0  # 0 for a stage
    asked: str = ""  # what was done, as a command the student can type
    expected: str = ""
    got: str = ""
    blocked_by: str = ""  # for a SKIP: the id of the result that caused it
    diagnosis: Diagnosis | None = None
    hint: str = ""
    log: str = ""  # the last lines of the failing build step, or of the container
    evidence: dict[str, str] = {}  # the facts that the diagnosis was drawn from, by name
    seconds: float = 0.0
    traceback: str = ""  # for an ERROR that is a bug of ours

    @property
    def points(self) -> int:
        """Points earned: all of them or none."""
        return self.max_points if self.outcome is Outcome.PASS else 0


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """One try at a grading that was tried more than once."""

    started: str  # ISO 8601, UTC
    seconds: float
    outcome: Outcome
    faults: tuple[str, ...] = ()  # what kept it from telling


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """The record of one grading; its JSON form is documented in docs/reference/report.rst."""

    exercise: str
    title: str
    submission: str  # the folder as it was named on the command line
    digest: str  # sha256 of what was handed in: names and contents
    seed: int  # repeats the run's random words
    results: tuple[Result, ...]
    started: str  # ISO 8601, UTC
    seconds: float
    engine: str = ""  # name and version of the engine
    stand_ins: tuple[str, ...] = ()  # base images that were built here in place of the official ones
    notes: tuple[str, ...] = ()
    attempts: tuple[Attempt, ...] = ()  # all of them, where the first was kept from telling by a fault that may pass

    @property
    def max_points(self) -> int:
        return sum(result.max_points for result in self.results)

    @property
    def points(self) -> int | None:
        """Points earned, or None where an ERROR leaves the score unknown."""
        if self.outcome is Outcome.ERROR:
            return None
        return sum(result.points for result in self.results)

    @property
    def outcome(self) -> Outcome:
        """PASS with full marks, FAIL with points lost, ERROR where the score is unknown."""
        if any(result.outcome is Outcome.ERROR for result in self.results):
            return Outcome.ERROR
        if all(result.outcome is Outcome.PASS for result in self.results):
            return Outcome.PASS
        return Outcome.FAIL

    @property
    def exit_code(self) -> int:
        return {Outcome.PASS: 0, Outcome.FAIL: 1}.get(self.outcome, 4)
