"""Limited cgroups on an engine whose kernel is out of our reach: a container of ours makes a set, and runs borrow them.

BuildKit makes its steps' cgroups by itself, whatever the engine's cgroup driver is: the names need not be systemd's.
"""

import contextlib
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

from grader.engine import cgroupfs
from grader.engine.command import state_folder
from grader.engine.connection import Engine
from grader.engine.faults import engine_faults
from grader.engine.sidecar import finish, sidecar
from grader.errors import EngineFault

COUNT = 16  # runs at a time that get one; another goes on without
NAME = "shipshape-lent-"
TIMEOUT = 30  # seconds for our container to end

Run = Callable[[str], str]  # our own shell commands, in a container that has the host's cgroups; what they printed


def runner(engine: Engine, label: str, image: str) -> Run:
    """Runs shell commands of ours beside the host's cgroups, where the engine allows it; raises EngineFault elsewhere.

    :param label: of the run, which removes the container if we cannot
    """
    return partial(_run, engine, label, image)


def take(engine: Engine, run: Run) -> str:
    """Borrow a cgroup; empty where this engine lets us make none, or all are lent."""
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    if not _made(engine, run, folder):
        return ""
    for number in range(COUNT):
        with contextlib.suppress(FileExistsError):
            (folder / f"{NAME}{number}").touch(exist_ok=False)
            return f"{NAME}{number}"
    return ""


def give_back(name: str) -> None:
    """Let another run have it."""
    if name.startswith(NAME):
        (_folder() / name).unlink(missing_ok=True)


def starved(run: Run, name: str) -> bool:
    """Whether the kernel killed in it for want of memory since this was asked last; asking costs a container.

    An older kernel does not tell.
    """
    try:
        now = cgroupfs.count(run(f"cat {name}/memory.events || :"))
    except EngineFault:
        return False
    known, before = _folder() / f"{name}.kills", 0
    with contextlib.suppress(OSError, ValueError):
        before = int(known.read_text(encoding="ascii"))
    known.write_text(str(now), encoding="ascii")
    return now > before


def _made(engine: Engine, run: Run, folder: Path) -> bool:
    """Whether the cgroups are there: they go when the engine's machine does, and are made once after that."""
    try:
        wanted = {"start": _start(engine), "script": cgroupfs.script()}
    except EngineFault:
        return False
    stamp = folder / "made.json"
    with contextlib.suppress(OSError, ValueError):
        told = json.loads(stamp.read_bytes())
        if told in (wanted | {"made": True}, wanted | {"made": False}):
            return bool(told["made"])
    names, made = " ".join(f"{NAME}{number}" for number in range(COUNT)), True
    try:
        run(f"for name in {names}; do {wanted['script']}; done")
    except EngineFault:
        made = False
    for known in folder.glob("*.kills"):
        known.unlink(missing_ok=True)
    stamp.write_text(json.dumps(wanted | {"made": made}), encoding="utf-8")
    return made


def _start(engine: Engine) -> str:
    """What tells one start of the engine from the next: it makes its default network anew each time."""
    with engine_faults("looking at the engine's own network"):
        return str(engine.client.api.inspect_network("bridge")["Id"])


def _folder() -> Path:
    return state_folder() / "cgroups"


def _run(engine: Engine, label: str, image: str, script: str) -> str:
    place = str(cgroupfs.ROOT)
    host = {"privileged": True, "network_mode": "none", "cgroupns": "host", "binds": [f"{place}:{place}"]}
    with (
        engine_faults("making cgroups for builds"),
        sidecar(engine, image, ["sh", "-ec", f"cd {place}; {script}"], label=label, host=host, user="0") as made,
    ):
        code, output = finish(engine, made, timeout=TIMEOUT)
    printed = output.decode("utf-8", "replace")
    if code:
        raise EngineFault(f"no cgroups for builds: {printed.strip()[-200:]}")
    return printed
