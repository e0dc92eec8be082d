"""Is this machine ready to build and grade containers; where it is not, what mends it, and mending it."""

import os
import shutil
import socket
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from grader import images
from grader.engine.survey import Survey, endpoint, survey
from grader.engine.survey import images as images_there
from grader.errors import EngineFault
from grader.install import OLDEST_COMPOSE, OLDEST_ENGINE, major
from grader.machine import Machine, this_machine

if TYPE_CHECKING:
    from rich.console import Console

SPARE = 5  # gigabytes; below, a build may fill the disk
NEEDED = 1  # gigabytes; below, it will
REGISTRY_TIMEOUT = 3


class State(StrEnum):
    """How one row stands; only `missing` keeps anybody from grading."""

    OK = "ok"
    WARN = "warn"
    MISSING = "missing"


@dataclass(frozen=True, kw_only=True)
class Row:
    """One thing that was looked at."""

    what: str
    state: State
    detail: str
    mend: str = ""  # the one command that mends it, empty where all is well


MARKS = {State.OK: ("ok", "green"), State.WARN: ("note", "yellow"), State.MISSING: ("missing", "red")}


def examine(*, quick: bool = False) -> tuple[Row, ...]:
    """Look at everything; the quick look leaves out what is slow and keeps nobody from grading."""
    machine, seen = this_machine(), survey()
    rows = [_engine(seen, machine)]
    rows.append(_plugin(seen, machine, "buildx", oldest=0))
    rows.append(_plugin(seen, machine, "compose", oldest=OLDEST_COMPOSE))
    if seen.version:
        there = images_there(seen.client, images.catalogue())
        rows += [_image(reference, there) for reference in images.catalogue()]
        rows += _disk(seen)
        if not quick:
            rows.append(_registry(seen, complete=len(there) == len(images.catalogue())))
            rows.append(_gvisor(seen, machine))
    return tuple(rows)


def ready(rows: tuple[Row, ...]) -> bool:
    """Whether grading can begin."""
    return all(row.state is not State.MISSING for row in rows)


def fix(progress: Callable[[str], None]) -> tuple[Row, ...]:
    """Mend what is missing, and look again.

    :raises EngineFault: it is not ours to mend; the message has the command that does it
    """
    from grader import daemon, install

    machine, seen = this_machine(), survey()
    engine = _engine(seen, machine)
    tools = [
        _plugin(seen, machine, "buildx", oldest=0),
        _plugin(seen, machine, "compose", oldest=OLDEST_COMPOSE),
    ]
    if not seen.version and (seen.forbidden or os.environ.get("DOCKER_HOST")):
        raise EngineFault(f"{engine.detail}: run `{engine.mend}`, then again")
    if not ready((engine, *tools)):
        present = shutil.which("dockerd") and ready(tuple(tools)) and not seen.version
        if not present:
            install.install(machine, progress)
        if not survey().version:
            if not machine.ours:
                raise EngineFault(f"{engine.detail}: run `{engine.mend}`, then again")
            daemon.start(machine, progress)
    _supply_images(progress)
    return examine()


def render(rows: tuple[Row, ...], console: "Console") -> None:
    """Print the rows, and under each that is not well the command that mends it."""
    from rich.text import Text

    width = max(len(row.what) for row in rows)
    for row in rows:
        mark, color = MARKS[row.state]
        console.print(Text.assemble((f"{mark:>8}", color), f"  {row.what:<{width}}  {row.detail}"), soft_wrap=True)
        if row.mend:
            console.print(Text(f"{'':10}{'':{width}}  mend it: {row.mend}"), soft_wrap=True)


def _engine(seen: Survey, machine: Machine) -> Row:
    what = "engine"
    if seen.version:
        if major(seen.version) >= OLDEST_ENGINE:
            return Row(what=what, state=State.OK, detail=f"{seen.version} answers")
        detail = f"{seen.version} is too old: {OLDEST_ENGINE} is the first that builds with BuildKit"
        return Row(what=what, state=State.MISSING, detail=detail, mend=machine.advice)
    if seen.forbidden:
        detail, mend = (
            f"{_cause(seen.silence)} (log in again after this)",
            'sudo usermod -aG docker "$USER"',
        )
    elif os.environ.get("DOCKER_HOST"):
        detail, mend = f"nothing answers at DOCKER_HOST={os.environ['DOCKER_HOST']}", "unset DOCKER_HOST"
    elif not seen.client:
        detail, mend = _cause(seen.silence), machine.advice
    else:
        detail, mend = f"{_cause(seen.silence)} ({seen.silence})", _starter(machine)
    return Row(what=what, state=State.MISSING, detail=detail, mend=mend)


def _cause(silence: str) -> str:
    """The catalogue's words for what the docker command said, or its own where they are not known."""
    from grader.diagnose import diagnose

    found = diagnose({"kind": "engine", "words": silence})
    return found.cause.removesuffix(".") if found else silence


def _starter(machine: Machine) -> str:
    if machine.system == "darwin":
        return "open -a Docker"
    if machine.init == "systemd" and not machine.root and shutil.which("dockerd"):
        return "sudo systemctl start docker"
    return machine.advice


def _plugin(seen: Survey, machine: Machine, name: str, *, oldest: int) -> Row:
    version = seen.plugins.get(name, "")
    if version and (not oldest or major(version) >= oldest):
        return Row(what=name, state=State.OK, detail=version)
    detail = f"{version} is too old: `docker {name}` {oldest} is needed" if version else f"there is no `docker {name}`"
    return Row(what=name, state=State.MISSING, detail=detail, mend=machine.advice)


def _image(reference: str, there: dict[str, bool]) -> Row:
    if reference not in there:
        return Row(what=reference, state=State.MISSING, detail="not on the engine", mend="make images")
    return Row(what=reference, state=State.OK, detail="a stand-in, built here" if there[reference] else "here")


def _disk(seen: Survey) -> list[Row]:
    """The space where the engine keeps its images; an engine on another machine keeps that to itself."""
    if not os.path.isdir(seen.data_root):
        return []
    free = shutil.disk_usage(seen.data_root).free / 1e9
    state = State.MISSING if free < NEEDED else State.WARN if free < SPARE else State.OK
    mend = "" if state is State.OK else "docker system prune"
    return [Row(what="disk", state=state, detail=f"{free:.0f} GB free in {seen.data_root}", mend=mend)]


def _registry(seen: Survey, *, complete: bool) -> Row:
    address = endpoint(seen.registry)
    try:
        with socket.create_connection(address or ("", 0), timeout=REGISTRY_TIMEOUT):
            return Row(what="registry", state=State.OK, detail="answers")
    except OSError as error:
        if complete:
            return Row(what="registry", state=State.OK, detail="does not answer, and nothing is needed from it")
        detail = f"does not answer ({error}): the base images will be built here"
        return Row(what="registry", state=State.WARN, detail=detail, mend="make images")


def _gvisor(seen: Survey, machine: Machine) -> Row:
    if "runsc" in seen.runtimes:
        return Row(what="gVisor", state=State.OK, detail="registered as the runtime runsc")
    if shutil.which("runsc"):
        detail, mend = (
            "optional: installed, not registered with the engine",
            f"{'' if machine.root else 'sudo '}runsc install",
        )
    else:
        detail, mend = (
            "optional: keeps strangers' containers off this kernel",
            "open https://gvisor.dev/docs/user_guide/install/",
        )
    return Row(what="gVisor", state=State.WARN, detail=detail, mend=mend)


def _supply_images(progress: Callable[[str], None]) -> None:
    from grader.engine import connect

    seen = survey()
    if len(images_there(seen.client, images.catalogue())) == len(images.catalogue()):
        return
    engine = connect()
    try:
        images.ensure(images.catalogue(), engine, progress)
    finally:
        engine.close()
