"""Reads a whole Compose file: text that a stranger wrote in, a project of frozen values out.

Docker's own reader is never asked: it would read files of this machine, and put in variables of the grader's.
"""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from grader.compose import paths, rules
from grader.compose.declared import read_declared
from grader.compose.environment import variables_of
from grader.compose.interpolate import Filling, fill
from grader.compose.model import ComposeFault, FaultKind, Project
from grader.compose.nodes import Table, wrong
from grader.compose.reading import Reading
from grader.compose.relations import DEFAULT
from grader.compose.services import read_services
from grader.compose.stage import places
from grader.spec import nearest
from grader.submission import COMPOSE_NAMES

MOUNTED = 30  # different files and folders, each of which is copied
VARIABLES = ".env"
OVERRIDES = tuple(name.replace(".y", ".override.y") for name in COMPOSE_NAMES)


def read(folder: Path, file: str, bases: Iterable[str]) -> Project:
    """Read the Compose file `file` of the submission that is staged in `folder`.

    `bases` are the images that a service may have without building its own, as the exercise names them.

    :raises ComposeFault: it is no project that can be graded; the fault names the line
    """
    try:
        return _read(folder, file, tuple(bases))
    except ComposeFault as fault:
        fault.file = fault.file or file
        raise


def _read(folder: Path, file: str, bases: tuple[str, ...]) -> Project:
    from grader.compose.parse import parse  # with the YAML reader, which is slow to import

    if not paths.is_file(folder, file):
        raise ComposeFault(kind=FaultKind.MISSING, what=f"`{file}`", reason="it was not handed in")
    raw = parse(paths.content(folder, file))
    variables, remarks = _variables(folder)
    reading = Reading(folder=folder, variables=variables, bases=bases, notes=dict.fromkeys(remarks))
    for name in OVERRIDES:
        if paths.is_file(folder, name):
            reading.note(f"`{name}` is not read: put what it says into `{file}`")
    filling = Filling(variables=variables)
    tree = fill(raw, filling)
    for name in filling.unset:
        reading.note(f"the variable {name} is not set in `.env`: it is empty")
    _has_services(raw)
    table = reading.section(tree, "", rules.FILE)
    declared = read_declared(reading, table)
    profiles = tuple(filter(None, variables.get("COMPOSE_PROFILES", "").replace(" ", "").split(",")))
    services = read_services(reading, declared, table.nodes["services"], profiles)
    project = Project(file=file, services=services, volumes=tuple(declared.volumes), profiles=profiles)
    if not project.active:
        reason = "every service has a profile, so nothing is started"
        raise wrong(table, "`services`", reason, kind=FaultKind.NO_SERVICE)
    if len(places(project, folder)) > MOUNTED:
        reason = f"more than {MOUNTED} different files and folders are mounted"
        raise wrong(table, "`services`", reason, kind=FaultKind.TOO_LARGE)
    joined = {name for service in project.active.values() for name in service.networks}
    networks = tuple(dict.fromkeys(name for name in (DEFAULT, *declared.networks) if name in joined))
    return replace(project, networks=networks, notes=tuple(reading.notes))


def _variables(folder: Path) -> tuple[dict[str, str], list[str]]:
    if not paths.is_file(folder, VARIABLES):
        return {}, []
    return variables_of(VARIABLES, paths.content(folder, VARIABLES))


def _has_services(table: Table) -> None:
    """A file without `services`, explained by what stands there instead."""
    if "services" in table.nodes:
        return
    lost = [
        name for name, node in table.nodes.items() if isinstance(node, Table) and {"image", "build"} & node.nodes.keys()
    ]
    if lost:
        reason = f"`{lost[0]}` stands at the left margin: write `services:` above it, and indent it"
        raise ComposeFault(kind=FaultKind.NO_SERVICE, what="`services`", reason=reason, line=table.lines[lost[0]])
    guess = next((name for name in table.nodes if nearest(name.lower(), ["services"], cutoff=0.7)), "")
    if guess:
        reason = "a Compose file has no such key: did you mean `services`?"
        raise ComposeFault(
            kind=FaultKind.UNKNOWN_KEY, what=f"`{guess}`", reason=reason, line=table.lines[guess], nearest="services"
        )
    reason = "the file names none: write them under `services:`"
    raise ComposeFault(kind=FaultKind.NO_SERVICE, what="`services`", reason=reason, line=table.line)
