"""What every kind of check has: an id, points, a title for the student, hints, and a way to run."""

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, ClassVar, Protocol

import msgspec

from grader.deadline import Deadline
from grader.facts import Contents, Executed, ImageFacts, Printed, Process, Rebuilt, Stopped, Variation
from grader.http import Answer, Request
from grader.report import Outcome, Result

if TYPE_CHECKING:
    from grader.compose import Project


class Subject(Protocol):
    """What a check may ask of a submission that is up and running.

    A service is named as in the Compose file; without a name it is the one that requests go to.
    """

    name: str  # of the image or the service, in the commands that a report shows
    command: str  # how a student starts the same
    image: ImageFacts
    files: Mapping[str, bytes]  # that were handed in
    project: "Project | None"  # what the Compose file says, where there is one

    def random(self, name: str) -> random.Random: ...
    def request(self, request: Request) -> Answer: ...
    def curl(self, request: Request) -> str: ...
    def contents(
        self, paths: Sequence[str], *, patterns: Sequence[re.Pattern[bytes]] = (), image: str = ""
    ) -> Contents: ...
    def printed(self, service: str = "") -> Printed: ...
    def processes(self, service: str = "") -> tuple[Process, ...]: ...
    def execute(self, command: Sequence[str], *, timeout: float, service: str = "") -> Executed: ...
    def health(self, service: str) -> str: ...
    def deadline(self, seconds: float) -> Deadline: ...
    def query(self, service: str, sql: str, *, timeout: float) -> Executed: ...
    def dump(self, service: str, *, timeout: float) -> Executed: ...
    def stop(self, seconds: float, service: str = "") -> Stopped: ...
    def replace(self) -> None: ...
    def another(self, variation: Variation) -> AbstractContextManager["Subject"]: ...
    def rebuild(self, edits: Mapping[str, bytes]) -> Rebuilt: ...


class Check(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"):
    """One thing that is looked at, worth points; each kind is a subclass in a module of its own."""

    needs_start: ClassVar[bool] = True  # False: the built image is enough
    needs_project: ClassVar[bool] = False  # True: only for an exercise with a Compose file
    destructive: ClassVar[bool] = False  # True: runs last, and leaves nothing for others to look at

    id: str  # lower-case words joined by hyphens, unique in the exercise
    points: int  # 1 or more; all of them or none are earned
    title: str  # what a right submission does, for the rubric and the report
    objective: str  # the id of an objective of the unit's page
    hints: tuple[str, str, str]  # where to look, which idea, nearly the line

    @property
    def kind(self) -> str:
        return str(self.__struct_config__.tag)

    def asks(self) -> str:
        """What is asked of the submission, in words, for the rubric of the course."""
        raise NotImplementedError

    def faults(self) -> Iterator[tuple[str, str]]:
        """What is wrong with the check as its author wrote it, such as that it can never fail.

        Each fault comes with the field that it is in, or nothing where it is in the check as a whole.
        """
        yield from ()

    def run(self, subject: Subject) -> Result:
        """Look, and say what was found; a student's mistake is a FAIL, never an exception."""
        raise NotImplementedError

    def passed(self, *, asked: str = "", got: str = "") -> Result:
        return self._result(Outcome.PASS, asked=asked, got=got)

    def failed(self, *, asked: str, expected: str, got: str, evidence: Mapping[str, str], log: str = "") -> Result:
        """:param log: its last lines, as far as they tell of the failure"""
        return self._result(Outcome.FAIL, asked=asked, expected=expected, got=got, evidence=dict(evidence), log=log)

    def _result(
        self,
        outcome: Outcome,
        *,
        asked: str,
        got: str,
        expected: str = "",
        evidence: dict[str, str] | None = None,
        log: str = "",
    ) -> Result:
        return Result(
            id=self.id,
            kind=self.kind,
            title=self.title,
            outcome=outcome,
            max_points=self.points,
            asked=asked,
            expected=expected,
            got=got,
            evidence=evidence or {},
            log=log,
        )
