"""What the doctor looks at: a row for each thing, with how it stands and the one command that mends it."""

import contextlib
import os
import shutil
import socket
import sys
import tempfile
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from grader import gvisor
from grader.engine.survey import Survey, endpoint
from grader.images import Base
from grader.install import OLDEST_COMPOSE, OLDEST_ENGINE, major
from grader.machine import Machine

SPARE = 5  # gigabytes; below, a build may fill the disk
NEEDED = 1  # gigabytes; below, it will
REGISTRY_TIMEOUT = 3
FIREWALL = "firewall"
GVISOR = "gVisor"


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
    ours: bool = False  # nobody is kept from grading, and `doctor --fix` mends it here all the same


def engine(seen: Survey, machine: Machine) -> Row:
    """Whether an engine answers that is new enough."""
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


def tools(seen: Survey, machine: Machine) -> list[Row]:
    """Whether the client can build, and run Compose projects."""
    return [_plugin(seen, machine, "buildx", oldest=0), _plugin(seen, machine, "compose", oldest=OLDEST_COMPOSE)]


def image(base: Base, there: dict[str, bool]) -> Row:
    """Whether a base image is on the engine."""
    what = base.reference
    if what in there:
        return Row(what=what, state=State.OK, detail="a stand-in, built here" if there[what] else "here")
    if base.when_needed:
        return Row(what=what, state=State.OK, detail="not here: fetched when an exercise asks for it")
    return Row(what=what, state=State.MISSING, detail="not on the engine", mend="make images")


def disk(seen: Survey) -> list[Row]:
    """The space where the engine keeps its images; an engine on another machine keeps that to itself."""
    if not os.path.isdir(seen.data_root):
        return []
    free = shutil.disk_usage(seen.data_root).free / 1e9
    state = State.MISSING if free < NEEDED else State.WARN if free < SPARE else State.OK
    mend = "" if state is State.OK else "docker system prune"
    return [Row(what="disk", state=state, detail=f"{free:.0f} GB free in {seen.data_root}", mend=mend)]


def firewall(seen: Survey, machine: Machine) -> list[Row]:
    """Whether submissions' containers are kept off this machine; on another one, or in a virtual one, they are."""
    from grader.engine import firewall

    if machine.system != "linux" or not os.path.isdir(seen.data_root):
        return []
    exposed = "submissions' containers can reach what listens here on all addresses"
    if not firewall.available():
        mend = f"{machine.sudo}apt-get install iptables" if machine.debian else ""
        return [Row(what=FIREWALL, state=State.WARN, detail=f"no iptables here: {exposed}", mend=mend)]
    if not machine.root:
        detail = "without root it cannot be seen whether submissions' containers are kept off this machine"
        mend = f"sudo {sys.executable} -m grader doctor --fix"
        return [Row(what=FIREWALL, state=State.WARN, detail=detail, mend=mend)]
    if firewall.closed():
        detail = "submissions' containers are kept off this machine; builds are not, pip needs a way out"
        return [Row(what=FIREWALL, state=State.OK, detail=detail)]
    return [Row(what=FIREWALL, state=State.WARN, detail=exposed, mend="make doctor", ours=True)]


def build_limits(there: dict[str, bool]) -> list[Row]:
    """Whether a build can be kept from taking all of the engine's memory, processes and cores: by trying it."""
    from grader.engine import cgroupfs

    what = "build limits"
    if not there:
        return []
    if not _limits_builds(next(iter(there))):
        detail = "this engine lets us set none: a build may take all of its memory and processes"
        return [Row(what=what, state=State.WARN, detail=detail)]
    detail = f"{cgroupfs.MEMORY >> 30} GB of memory, {cgroupfs.PIDS} processes, one core for each submission"
    return [Row(what=what, state=State.OK, detail=detail)]


def registry(seen: Survey, *, complete: bool) -> Row:
    """Whether the registry answers that base images come from."""
    address = endpoint(seen.registry)
    try:
        with socket.create_connection(address or ("", 0), timeout=REGISTRY_TIMEOUT):
            return Row(what="registry", state=State.OK, detail="answers")
    except OSError as error:
        if complete:
            return Row(what="registry", state=State.OK, detail="does not answer, and nothing is needed from it")
        detail = f"does not answer ({error}): the base images will be built here"
        return Row(what="registry", state=State.WARN, detail=detail, mend="make images")


def runtime(seen: Survey, machine: Machine) -> Row:
    """Whether containers can run on a kernel of their own, with `grade --runtime runsc`."""
    if gvisor.NAME in seen.runtimes:
        return Row(what=GVISOR, state=State.OK, detail=f"registered as the runtime {gvisor.NAME}")
    if not gvisor.installed():
        detail = "optional: keeps strangers' containers off this kernel"
        return Row(
            what=GVISOR, state=State.WARN, detail=detail, mend="open https://gvisor.dev/docs/user_guide/install/"
        )
    mend = "make doctor" if machine.ours else f"sudo {sys.executable} -m grader doctor --fix"
    detail = "optional: installed, not registered with the engine"
    return Row(what=GVISOR, state=State.WARN, detail=detail, mend=mend, ours=machine.ours)


def _limits_builds(image: str) -> bool:
    from grader.engine import cgroup, connect
    from grader.engine.labels import RUN
    from grader.errors import EngineFault

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        try:
            with (
                contextlib.closing(connect()) as found,
                cgroup.limited(found, folder=folder, label=f"{RUN}doctor", image=image) as group,
            ):
                return bool(group.name)
        except EngineFault:
            return False
        finally:
            cgroup.release(folder)


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
