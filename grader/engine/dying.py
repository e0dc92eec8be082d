"""Lets go of what an older kernel keeps of containers that have ended.

With the first layout of cgroups, the memory cgroup of an ended container lives on for as long as a page or a directory
entry in the kernel's caches was charged to it, which is for good where memory is plenty. After a thousand of them a
container takes several times as long to start (measured on Linux 6.18: 2.5 s in place of 0.5 s).
"""

import contextlib
import os
from pathlib import Path

from grader.engine.cgroupfs import ROOT
from grader.engine.connection import Engine
from grader.engine.nearness import shares

MANY = 300  # dead ones, from which on it is worth three seconds of reclaiming
COUNTS = Path("/proc/cgroups")
CONTAINERS = ROOT / "memory" / "docker"  # where the engine puts them, unless a service manager makes their cgroups
EMPTY = "memory.force_empty"  # reclaims what is charged to the containers, dead ones included, and nobody else's


def let_go(engine: Engine) -> bool:
    """Have the kernel drop the cgroups of ended containers, where there are many and we may; whether it was asked."""
    if not (CONTAINERS / EMPTY).is_file() or not shares(engine, "cgroup"):
        return False
    if _known() - _alive() < MANY:
        return False
    with contextlib.suppress(OSError):
        (CONTAINERS / EMPTY).write_text("0", encoding="ascii")
    return True


def _known() -> int:
    """How many memory cgroups the kernel has, dead or alive."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        for line in COUNTS.read_text(encoding="ascii").splitlines():
            if line.startswith("memory\t"):
                return int(line.split()[2])
    return 0


def _alive() -> int:
    return sum(1 for _ in os.walk(CONTAINERS.parent))
