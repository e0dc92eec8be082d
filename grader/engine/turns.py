"""Tells whether a container's threads got to run when they were ready to, as the host's kernel counts it.

On a machine that is too busy, a time limit measures the machine and not the submission: there nothing can be told.
"""

import contextlib
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from grader.engine.cgroupfs import ROOT
from grader.engine.container import Container
from grader.errors import PassingFault

PROC = Path("/proc")
# Where the engine puts a container, by its id: in the first layout of cgroups, in the second, and under systemd.
PLACES = ("cpu/docker/{}/tasks", "docker/{}/cgroup.threads", "system.slice/docker-{}.scope/cgroup.threads")
BUSY = "this machine is too busy: the submission was ready to run and had to wait; grade again when less is running"
NANO = 1e-9
WAITED = 0.5  # of the time, added up over all threads: from here on somebody else had the processor
RAN = 0.25  # of the time: who had as much was not kept from running


@dataclass(frozen=True, kw_only=True)
class Turns:
    """How long each thread has run so far, and how long it was ready and had to wait; in seconds, by its number."""

    ran: Mapping[int, float] = field(default_factory=dict)
    waited: Mapping[int, float] = field(default_factory=dict)


def turns(containers: Iterable[Container]) -> Turns:
    """Of all threads of the containers, as far as this machine's kernel tells us; it may tell nothing."""
    ran, waited = {}, {}
    for thread in (each for container in containers for each in _threads(container.id)):
        # run time, time spent ready and waiting, number of turns: Documentation/scheduler/sched-stats.rst
        with contextlib.suppress(OSError, ValueError):
            told = (PROC / str(thread) / "schedstat").read_text(encoding="ascii").split()
            ran[thread], waited[thread] = int(told[0]) * NANO, int(told[1]) * NANO
    return Turns(ran=ran, waited=waited)


def must_have_run(containers: Iterable[Container], before: Turns, began: float) -> None:
    """Make sure that what took too long since `began`, by the monotonic clock, was not kept from running.

    :raises PassingFault: it was
    """
    if starved(before, turns(containers), time.monotonic() - began):
        raise PassingFault(BUSY)


def starved(before: Turns, after: Turns, seconds: float) -> bool:
    """Whether the threads mostly waited for a processor in the `seconds` between the two looks."""
    ran = sum(value - before.ran.get(thread, 0.0) for thread, value in after.ran.items())
    waited = sum(value - before.waited.get(thread, 0.0) for thread, value in after.waited.items())
    return waited >= WAITED * seconds and ran < RAN * seconds


def _threads(container: str) -> list[int]:
    for place in PLACES:
        with contextlib.suppress(OSError, ValueError):
            found = (ROOT / place.format(container)).read_text(encoding="ascii").split()
            return [number for number in map(int, found) if number]  # 0 is one of another name space
    return []
