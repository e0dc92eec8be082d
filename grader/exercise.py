"""Reads exercise.toml into a frozen Exercise; what an author got wrong is a SpecError that names the line."""

import posixpath
import re
from collections.abc import Iterator, Set
from pathlib import Path
from typing import Literal

import msgspec

from grader.checks import Check, Kind
from grader.checks.request import path_fault
from grader.errors import UsageError
from grader.spec import nearest, read
from grader.words import placeholders

FILE = "exercise.toml"
STAGES = frozenset({"build", "start"})
ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
PATTERN = re.compile(r"[*?\[]")
TIMEOUT_LIMIT = 600  # seconds
BUILD_TIMEOUT_LIMIT = 3600
MEMORY_MINIMUM = 32  # megabytes


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
    for name, text in (("title", exercise.title), ("unit", exercise.unit)):
        if not text.strip():
            yield f"$.{name}", f"{name} is empty"
    yield from _file_faults(exercise)
    if not all(base.strip() for base in exercise.bases or ("",)):
        yield "$.bases", "bases is empty, or names an empty one: nothing could be built"
    for name, fault in _run_faults(exercise.run):
        yield f"$.run.{name}", fault
    if not exercise.checks:
        yield "$.checks", "no checks: an exercise without one would give full marks to anything"
    seen = set(STAGES)
    for number, check in enumerate(exercise.checks):
        for field, fault in (*_common_faults(check, seen), *check.faults()):
            yield f"$.checks[{number}]" + (f".{field}" if field else ""), f"check {check.id!r}: {fault}"
        seen.add(check.id)


def _file_faults(exercise: Exercise) -> Iterator[tuple[str, str]]:
    for name in exercise.files:
        if fault := _name_fault(name):
            yield "$.files", fault
        elif PATTERN.search(name):
            yield "$.files", f"{name!r} is a pattern, and no file is called so: patterns stand under optional"
    for name in exercise.optional:
        if fault := _name_fault(name):
            yield "$.optional", fault
    if not exercise.files:
        yield "$.files", "files is empty: name what a student hands in"
    elif "Dockerfile" not in exercise.files:
        guess = nearest("Dockerfile", exercise.files, cutoff=0.8)
        hint = f": it stands there as {guess!r}" if guess else ", and nothing can be built without"
        yield "$.files", f"'Dockerfile' is not among the files{hint}"


def _name_fault(name: str) -> str:
    """What is wrong with the name of a file, or a pattern of names, inside a submission."""
    from grader.submission import DEPTH_LIMIT, SKIPPED  # it needs the Exercise of this module

    folders = name.split("/")[:-1]
    if name.startswith("/") or ".." in name.split("/") or "\\" in name:
        return f"{name!r} leaves the submission's folder: name a path inside it, with /"
    if not name.strip():
        return "the name of a file is empty"
    if name.endswith("/"):
        return f"{name!r} is a folder: name the files in it, or {name + '*'!r} under optional"
    if {"", "."} & {*folders, name.rpartition("/")[2]}:
        return f"{name!r} is never found so: write {posixpath.normpath(name)!r}"
    if skipped := SKIPPED.intersection(folders):
        return f"{name!r} is never taken: a folder {min(skipped)!r} is not looked into"
    if len(folders) > DEPTH_LIMIT:
        return f"{name!r} is never found: more than {DEPTH_LIMIT} folders deep is not looked"
    return ""


def _run_faults(run: Run) -> Iterator[tuple[str, str]]:
    if not 0 < run.port < 65536:
        yield "port", f"port {run.port} is not between 1 and 65535"
    if fault := path_fault("ready", run.ready):
        yield "ready", fault
    if used := placeholders(run.ready):
        yield "ready", f"ready = {run.ready!r} is asked for as it stands: take {{{min(used)}}} out"
    for name, seconds, most in (
        ("timeout", run.timeout, TIMEOUT_LIMIT),
        ("build_timeout", run.build_timeout, BUILD_TIMEOUT_LIMIT),
    ):
        if not 0 < seconds <= most:  # so written, it catches nan as well
            yield name, f"{name} = {seconds:g} must be more than 0 and at most {most} seconds"
    if run.memory < MEMORY_MINIMUM:
        yield "memory", f"memory = {run.memory} (megabytes): no app starts in less than {MEMORY_MINIMUM}"


def _common_faults(check: Check, seen: Set[str]) -> Iterator[tuple[str, str]]:
    """What is wrong with the fields that every kind of check has; `seen` are the ids that are taken."""
    if not ID.fullmatch(check.id):
        yield "id", f"id = {check.id!r}: write lower-case words joined by hyphens, such as 'says-hello'"
    elif check.id in STAGES:
        yield "id", "the id is a stage's: choose another"
    elif check.id in seen:
        yield "id", "the id is used before: each check needs its own"
    if check.points < 1:
        yield "points", f"points = {check.points}: a check is worth 1 point at least"
    for name, text in (("title", check.title), ("objective", check.objective)):
        if not text.strip():
            yield name, f"{name} is empty"
    if not all(hint.strip() for hint in check.hints):
        yield "hints", "a hint is empty: each of the three says something"
