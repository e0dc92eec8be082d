"""Limits what the steps of a build use together: BuildKit knows no limits, but puts its steps where it is told.

The name of that cgroup is a part of every step's cache key: with a new one for each run, nothing would ever be cached.
So the names are few and stay the same, and a run holds one of them from its first build to its end: its rebuilds find
their own steps in the cache, and no other submission's builds are in the same cgroup.
"""

import contextlib
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.engine import cgroupfs, slots
from grader.engine.connection import Engine
from grader.engine.nearness import shares

COUNT = 64  # runs at a time that get one; another goes on without
HELD = "cgroup"  # the file in a run's folder that names the one it holds
WAIT = 2.0  # seconds for another build of the same run to name it
STALE = 7200.0  # seconds after which an empty one belongs to nobody
NAME = re.compile(r"shipshape-build-\d+")


@dataclass(frozen=True, kw_only=True)
class Group:
    """The cgroup of a build, as BuildKit is told; without a name, the build goes on unlimited."""

    name: str = ""
    starved: Callable[[], bool] = lambda: False  # whether a step was killed for want of memory in the meantime


@contextlib.contextmanager
def limited(engine: Engine, *, folder: Path, label: str, image: str) -> Iterator[Group]:
    """Limit the build that is run inside the `with`, where this engine and our place beside it allow it.

    :param folder: of the run, which holds the cgroup until `release`
    :param label: of the run, for a container that makes cgroups where we cannot
    :param image: one of ours that has a shell, for that container
    """
    direct = shares(engine, "cgroup")
    run = slots.runner(engine, label, image)
    name = _held(folder, lambda: _take() if direct else slots.take(engine, run))
    if not name:
        yield Group()
    elif direct:
        with contextlib.closing(cgroupfs.Kills(name)) as kills:
            yield Group(name=name, starved=kills.any)
    else:
        yield Group(name=name, starved=lambda: slots.starved(run, name))


def release(folder: Path) -> None:
    """Give back what the run holds, and end what still runs in it: steps that nobody waits for."""
    try:
        name = (folder / HELD).read_text(encoding="ascii").strip()
        (folder / HELD).unlink()  # before another has it: who is swept twice must not take it from that one
    except OSError:
        return
    if NAME.fullmatch(name):
        cgroupfs.remove(name)
    slots.give_back(name)


def _held(folder: Path, take: Callable[[], str]) -> str:
    """The name that the run holds; the first of its builds takes one."""
    file = folder / HELD
    try:
        with file.open("x", encoding="ascii") as mine:
            name = take()
            mine.write(f"{name}\n")
            return name
    except FileExistsError:
        deadline = time.monotonic() + WAIT
        while not (text := file.read_text(encoding="ascii")) and time.monotonic() < deadline:
            time.sleep(0.005)
        return text.strip()


def _take() -> str:
    """Make the first cgroup that is not there; empty where this kernel, or our place on it, lets us make none."""
    # One at a time: an old one that two saw may be a third's, made anew, by the time that the second removes it.
    with contextlib.suppress(OSError), cgroupfs.alone():
        for number in range(COUNT):
            name = f"shipshape-build-{number}"
            try:
                cgroupfs.make(name)
            except FileExistsError:
                if cgroupfs.idle(name, STALE):
                    cgroupfs.remove(name)  # the next run may have it
                continue
            return name
    return ""
