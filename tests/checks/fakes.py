"""A submission that does what the test says, in place of containers: the whole of grader.checks.base.Subject."""

import contextlib
import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from grader.deadline import Deadline
from grader.facts import Contents, DidNotStart, Executed, ImageFacts, Printed, Process, Rebuilt, Stopped, Variation
from grader.http import Answer, NoAnswer, Request

if TYPE_CHECKING:
    from grader.compose import Project

COMMON = {"id": "it", "points": 2, "title": "It", "objective": "o", "hints": ("a", "b", "c")}


def answer(body: str = "", status: int = 200, **headers: str) -> Answer:
    return Answer(status=status, headers=tuple(headers.items()), body=body.encode(), truncated=False, seconds=0.001)


def silent(request: Request) -> Answer:
    raise NoAnswer("refused", "connection refused")


@dataclass
class FakeSubject:
    """What it answers is a function of what it is asked; what it was asked is kept."""

    serve: Callable[[Request], Answer] = lambda request: answer()
    image: ImageFacts = field(default_factory=ImageFacts)
    stopped: Stopped = field(default_factory=lambda: Stopped(exit_code=0, seconds=0.1, killed=False))
    name: str = "hello"
    command: str = "docker run -d hello"
    files: Mapping[str, bytes] = field(default_factory=dict)
    project: "Project | None" = None
    prints: Callable[[str], Printed] = lambda service: Printed()
    lists: Callable[[str], tuple[Process, ...]] = lambda service: ()
    executes: Callable[[Sequence[str]], Executed] = lambda command: Executed(exit_code=0, stdout="", stderr="")
    healths: Callable[[str], str] = lambda service: ""
    dumps: Callable[[str], Executed] = lambda service: Executed(exit_code=0, stdout="", stderr="")
    queries: Callable[[str], Executed] = lambda sql: Executed(exit_code=0, stdout="", stderr="")
    varies: "Callable[[Variation], FakeSubject]" = lambda variation: FakeSubject()
    rebuilds: Callable[[Mapping[str, bytes]], Rebuilt] = lambda edits: Rebuilt(image="sha256:1")
    replaces: Callable[[], None] = lambda: None
    holds: Callable[[Sequence[str], str], Contents] = lambda paths, image: Contents()

    asked: list[Request] = field(default_factory=list)
    services: list[str] = field(default_factory=list)  # those that were looked at, in order
    commands: list[tuple[Sequence[str], float]] = field(default_factory=list)  # each with its time
    statements: list[str] = field(default_factory=list)
    variations: list[Variation] = field(default_factory=list)
    edits: list[Mapping[str, bytes]] = field(default_factory=list)
    replacements: int = 0
    places: list[Sequence[str]] = field(default_factory=list)  # paths in the image that were looked at

    def random(self, name: str) -> random.Random:
        return random.Random(name)

    def request(self, request: Request) -> Answer:
        self.asked.append(request)
        return self.serve(request)

    def curl(self, request: Request) -> str:
        return request.curl(8080)

    def printed(self, service: str = "") -> Printed:
        self.services.append(service)
        return self.prints(service)

    def processes(self, service: str = "") -> tuple[Process, ...]:
        self.services.append(service)
        return self.lists(service)

    def execute(self, command: Sequence[str], *, timeout: float, service: str = "") -> Executed:
        self.services.append(service)
        self.commands.append((command, timeout))
        return self.executes(command)

    def health(self, service: str) -> str:
        self.services.append(service)
        return self.healths(service)

    def deadline(self, seconds: float) -> Deadline:
        return Deadline(seconds)

    def dump(self, service: str, *, timeout: float) -> Executed:
        self.services.append(service)
        return self.dumps(service)

    def query(self, service: str, sql: str, *, timeout: float) -> Executed:
        self.services.append(service)
        self.statements.append(sql)
        return self.queries(sql)

    def stop(self, seconds: float, service: str = "") -> Stopped:
        self.services.append(service)
        return self.stopped

    def replace(self) -> None:
        self.replacements += 1
        self.replaces()

    @contextlib.contextmanager
    def another(self, variation: Variation) -> "Iterator[FakeSubject]":
        self.variations.append(variation)
        yield self.varies(variation)

    def contents(
        self, paths: Sequence[str], *, patterns: Sequence[re.Pattern[bytes]] = (), image: str = ""
    ) -> Contents:
        self.places.append(paths)
        return self.holds(paths, image)

    def rebuild(self, edits: Mapping[str, bytes]) -> Rebuilt:
        self.edits.append(edits)
        return self.rebuilds(edits)


def never_up(variation: Variation) -> FakeSubject:
    """For `varies`: the second target does not come up."""
    raise DidNotStart({"kind": "start", "reason": "exited", "exit_code": "1"})


def project(*names: str) -> "Project":
    """A Compose file that starts services of these names."""
    from grader.compose import Project, Service

    return Project(services={name: Service(name=name) for name in names})
