"""What cannot be meant in an exercise file that reads well: each fault with the place that it stands at."""

import posixpath
import re
from collections.abc import Iterator, Set
from typing import TYPE_CHECKING

from grader.checks import Check, ImageCheck, RebuildCheck, RestartCheck
from grader.checks.request import path_fault
from grader.spec import nearest
from grader.submission import COMPOSE_NAMES, DEPTH_LIMIT, SKIPPED
from grader.words import placeholders

if TYPE_CHECKING:
    from grader.exercise import Exercise, Run

COMPOSE_FILE = COMPOSE_NAMES[0]  # under any of them
STAGES = frozenset({"build", "start"})
ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
PATTERN = re.compile(r"[*?\[]")
INSIDE = re.compile(r"(?:/[\w.-]+)+")  # a path inside a container
TIMEOUT_LIMIT = 600  # seconds
BUILD_TIMEOUT_LIMIT = 3600
MEMORY_MINIMUM = 32  # megabytes


def faults(exercise: "Exercise") -> Iterator[tuple[str, str]]:
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
        for field, fault in _misfits(check, exercise):
            yield f"$.checks[{number}].{field}", f"check {check.id!r}: {fault}"
        for field, fault in (*_common_faults(check, seen), *check.faults()):
            yield f"$.checks[{number}]" + (f".{field}" if field else ""), f"check {check.id!r}: {fault}"
        seen.add(check.id)


def _misfits(check: Check, exercise: "Exercise") -> Iterator[tuple[str, str]]:
    """What a check asks for, and the rest of the exercise does not have."""
    if check.needs_project and not exercise.run.service:
        yield "kind", f"kind {check.kind!r} is for a Compose file: name [run] service, or take another kind"
    service = getattr(check, "service", "")
    if service and not check.needs_project and not exercise.run.service:
        yield "service", f"service = {service!r}: this exercise has no Compose file: take it out"
    if isinstance(check, RebuildCheck) and check.edit not in exercise.files:
        guess = nearest(check.edit, exercise.files)
        yield "edit", f"edit = {check.edit!r} is not among the files" + (f", did you mean {guess!r}?" if guess else "")
    if isinstance(check, RestartCheck) and not exercise.run.service and not exercise.run.volumes:
        yield "kind", "nothing outlives a container here: name volumes under [run]"
    if isinstance(check, ImageCheck):
        for base in check.base:
            if base not in exercise.bases:
                yield "base", f"base: {base!r} is none of the exercise's bases, so nothing could pass"


def _file_faults(exercise: "Exercise") -> Iterator[tuple[str, str]]:
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
    else:
        needed = COMPOSE_FILE if exercise.run.service else "Dockerfile"
        if needed not in exercise.files:
            guess = nearest(needed, exercise.files, cutoff=0.8)
            hint = f": it stands there as {guess!r}" if guess else ", and nothing can be built without"
            yield "$.files", f"{needed!r} is not among the files{hint}"


def _name_fault(name: str) -> str:
    """What is wrong with the name of a file, or a pattern of names, inside a submission."""
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


def _run_faults(run: "Run") -> Iterator[tuple[str, str]]:
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
    if run.service:
        for name in ("environment", "volumes", "read_only", "tmpfs"):
            if getattr(run, name):
                yield name, f"{name} is for a single container: a service of a Compose file brings its own"
    for name, paths in (("volumes", run.volumes), ("tmpfs", run.tmpfs)):
        for path in paths:
            if not INSIDE.fullmatch(path):
                yield name, f"{name}: {path!r} is no path inside a container, such as '/data'"
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
