"""Reads exercise.toml into a frozen Exercise; what an author got wrong is a SpecError that names the line."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import msgspec

from grader.checks import Kind
from grader.errors import UsageError
from grader.spec import nearest, read

FILE = "exercise.toml"


class Run(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a container of the submission is started, and when it counts as up."""

    port: int  # inside the container
    ready: str = "/"  # any HTTP answer on this path means that it is up
    timeout: float = 20.0  # seconds from start to the first answer
    memory: int = 256  # megabytes, swap included
    build_timeout: float = 600.0  # seconds


class Exercise(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"version": "schema"}):
    """What is asked of a student in one unit, and how it is looked at."""

    version: Literal[1]
    title: str
    unit: str
    files: tuple[str, ...]  # must be handed in
    optional: tuple[str, ...] = ()  # patterns of what may be handed in besides; nothing else is taken
    bases: tuple[str, ...] = ("python:3.13-slim", "debian:trixie-slim")  # what FROM may name
    run: Run
    checks: tuple[Kind, ...]

    @property
    def max_points(self) -> int:
        return sum(check.points for check in self.checks)


def load(path: Path) -> Exercise:
    """Read and check one exercise.toml.

    :raises SpecError: it cannot be read, or says something that cannot be meant; names file and line
    """
    spec = read(path, Exercise)
    for where, fault in _faults(spec.value):
        raise spec.error(where, fault)
    return spec.value


def find(exercises: Path, slug: str) -> Path:
    """The folder of the exercise named `slug`.

    :raises UsageError: there is none of that name; names the nearest
    """
    known = slugs(exercises)
    if slug in known:
        return exercises / slug
    if not known:
        raise UsageError(f"no exercises in {exercises}: run this in a checkout of the course")
    guess = nearest(slug, known)
    hint = f"did you mean {guess!r}?" if guess else f"the exercises are {', '.join(known)}"
    raise UsageError(f"no exercise {slug!r}: {hint}")


def slugs(exercises: Path) -> tuple[str, ...]:
    """The names of all exercises, in the order of the course."""
    return tuple(sorted(file.parent.name for file in exercises.glob(f"*/{FILE}")))


def _faults(exercise: Exercise) -> Iterator[tuple[str, str]]:
    """Each thing that cannot be meant, with the place it stands at, as msgspec writes places."""
    if not exercise.checks:
        yield "$.checks", "no checks: an exercise without one would give full marks to anything"
    if not exercise.files:
        yield "$.files", "files is empty: name what a student hands in"
    for name in (*exercise.files, *exercise.optional):
        if name.startswith("/") or ".." in name.split("/") or "\\" in name:
            yield "$.files", f"{name!r} leaves the submission's folder: name a path inside it, with /"
    if not 0 < exercise.run.port < 65536:
        yield "$.run.port", f"port {exercise.run.port} is not between 1 and 65535"
    if not exercise.run.ready.startswith("/"):
        yield "$.run.ready", f"ready = {exercise.run.ready!r} must start with /"
    seen: set[str] = set()
    for number, check in enumerate(exercise.checks):
        place = f"$.checks[{number}]"
        if check.id in seen:
            yield f"{place}.id", f"the id {check.id!r} is used before: each check needs its own"
        seen.add(check.id)
        if check.id in ("build", "start"):
            yield f"{place}.id", f"the id {check.id!r} is a stage's: choose another"
        if check.points < 1:
            yield f"{place}.points", f"points = {check.points}: a check is worth 1 point at least"
        for fault in check.faults():
            yield place, f"check {check.id!r} {fault}"
