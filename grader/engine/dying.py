"""Lets go of what an older kernel keeps of containers that have ended.

With the first layout of cgroups, the memory cgroup of an ended container lives on for as long as a page or a directory
entry in the kernel's caches was charged to it, which is for good where memory is plenty. After a thousand of them a
container takes several times as long to start (measured on Linux 6.18: 2.5 s in place of 0.5 s).

The kernel takes pages from the living as well, and goes on for as long as it finds any: beside containers that read
them again at once it would not end, and they do nothing else (measured: two databases that read 1 GB/s from the disk).
"""

import contextlib
import os
import subprocess
from pathlib import Path

from grader.engine.cgroupfs import ROOT
from grader.engine.command import state_folder
from grader.engine.connection import Engine
from grader.engine.nearness import shares

MANY = 300  # dead ones more than were left the last time, from which on it is worth the while
WHILE = 3.0  # seconds
COUNTS = Path("/proc/cgroups")
CONTAINERS = ROOT / "memory" / "docker"  # where the engine puts them, unless a service manager makes their cgroups
EMPTY = "memory.force_empty"  # reclaims what is charged to the containers, dead ones included, and nobody else's


def let_go(engine: Engine) -> bool:
    """Have the kernel drop the cgroups of ended containers, where there are many and we may; whether it was asked."""
    if not (CONTAINERS / EMPTY).is_file() or not shares(engine, "cgroup"):
        return False
    dead, before = _dead(), _before()
    if dead < before:
        _note(dead)  # the machine was started anew, or has let go of some by itself
    if dead - min(dead, before) < MANY:
        return False
    from filelock import FileLock, Timeout

    try:
        with FileLock(f"{_left()}.lock", timeout=0):
            # A process of its own: the kernel heeds nothing but a signal.
            with contextlib.suppress(OSError, subprocess.TimeoutExpired):
                subprocess.run(["sh", "-c", 'printf 0 > "$0"', str(CONTAINERS / EMPTY)], timeout=WHILE, check=False)
            _note(_dead())
            return True
    except Timeout:  # another run is at it
        return False


def _before() -> int:
    """How many could not be let go of the last time."""
    with contextlib.suppress(OSError, ValueError):
        return int(_left().read_text(encoding="ascii"))
    return 0


def _note(left: int) -> None:
    with contextlib.suppress(OSError):
        _left().write_text(f"{left}\n", encoding="ascii")


def _left() -> Path:
    return state_folder() / "dead-cgroups"


def _dead() -> int:
    return _known() - _alive()


def _known() -> int:
    """How many memory cgroups the kernel has, dead or alive."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        for line in COUNTS.read_text(encoding="ascii").splitlines():
            if line.startswith("memory\t"):
                return int(line.split()[2])
    return 0


def _alive() -> int:
    return sum(1 for _ in os.walk(CONTAINERS.parent))
