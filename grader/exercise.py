"""Reads exercise.toml into a frozen Exercise; what an author got wrong is a SpecError that names the line."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import msgspec

from grader.authoring import COMPOSE_FILE, faults
from grader.checks import Kind, PythonCheck
from grader.errors import UsageError
from grader.spec import Spec, nearest, read

FILE = "exercise.toml"

__all__ = ["COMPOSE_FILE", "FILE", "Exercise", "Run", "find", "load", "slugs"]


class Run(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a container of the submission is started, and when it counts as up."""

    port: int  # inside the container
    ready: str = "/"  # an HTTP answer on this path means that it is up
    timeout: float = 20.0  # seconds from start to the first answer
    memory: int = 256  # megabytes, swap included, of each container
    build_timeout: float = 600.0  # seconds for one build
    service: str = ""  # of the student's Compose file, that requests go to; without it a Dockerfile is graded by itself
    environment: dict[str, str] = {}  # variables that a single container is started with
    volumes: tuple[str, ...] = ()  # paths in a single container whose contents outlive it
    read_only: bool = False  # the single container's own files cannot be written to
    tmpfs: tuple[str, ...] = ()  # paths in it that can be, and are forgotten


class Exercise(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"version": "schema"}):
    """What is asked of a student in one unit, and how it is looked at."""

    version: Literal[1]  # of this format
    title: str  # as the course and the report show it
    unit: str  # the slug of the unit whose page it belongs to
    files: tuple[str, ...]  # must be handed in
    optional: tuple[str, ...] = ()  # patterns of what may be handed in besides; nothing else is taken
    bases: tuple[str, ...] = ("python:3.13-slim", "debian:trixie-slim")  # what FROM may name
    run: Run  # how it is started
    checks: tuple[Kind, ...]  # written [[checks]], each with its kind, in the order of the report

    @property
    def max_points(self) -> int:
        return sum(check.points for check in self.checks)


def load(path: Path) -> Exercise:
    """Read and check one exercise.toml.

    :raises SpecError: it cannot be read, or says something that cannot be meant; names file and line
    """
    spec = read(path, Exercise)
    for where, fault in faults(spec.value):
        raise spec.error(where, fault)
    return msgspec.structs.replace(spec.value, checks=tuple(_beside(spec, path.parent)))


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


def _beside(spec: Spec[Exercise], folder: Path) -> Iterator[Kind]:
    """The checks, with what they name beside exercise.toml found."""
    for number, check in enumerate(spec.value.checks):
        try:
            yield check.beside(folder) if isinstance(check, PythonCheck) else check
        except ValueError as fault:
            raise spec.error(f"$.checks[{number}].function", f"check {check.id!r}: {fault}") from fault
