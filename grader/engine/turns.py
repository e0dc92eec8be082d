"""Tells how long a container's threads were ready to run and had to wait, as the host's kernel counts it.

On a machine that is too busy, a time limit would measure the machine and not the submission.
"""

import contextlib
import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from grader.engine.cgroupfs import ROOT
from grader.engine.container import Container
from grader.engine.deployment import Deployment
from grader.errors import EngineFault
from grader.limits import CPUS

PROC = Path("/proc")
# Where the engine puts a container, by its id: in the first layout of cgroups, in the second, and under systemd.
PLACES = ("cpu/docker/{}/tasks", "docker/{}/cgroup.threads", "system.slice/docker-{}.scope/cgroup.threads")
NANO = 1e-9
LOOK = 0.5  # seconds between two looks
RAN = 0.75 * CPUS  # of the time: who had so much of what a container gets has kept itself from running

Thread = tuple[str, int]  # its container's id, and its number


@dataclass(frozen=True, kw_only=True)
class Turns:
    """How long each thread has run so far, and how long it was ready and had to wait; in seconds."""

    ran: Mapping[Thread, float] = field(default_factory=dict)
    waited: Mapping[Thread, float] = field(default_factory=dict)


def turns(containers: Iterable[Container]) -> Turns:
    """Of all threads of the containers, as far as this machine's kernel tells us; it may tell nothing."""
    ran, waited = {}, {}
    for container in containers:
        for number in _threads(container.id):
            # run time, time spent ready and waiting, number of turns: Documentation/scheduler/sched-stats.rst
            with contextlib.suppress(OSError, ValueError):
                told = (PROC / str(number) / "schedstat").read_text(encoding="ascii").split()
                thread = container.id, number
                ran[thread], waited[thread] = int(told[0]) * NANO, int(told[1]) * NANO
    return Turns(ran=ran, waited=waited)


class Held:
    """For how long a deployment's containers were held up since now; called, it tells.

    The kernel forgets a thread with its end, and a database's first start is made of programs that end. As a context
    this looks again and again, and keeps what it saw.

    :param starting: they are about to be started, so that all that their threads will have waited counts
    """

    def __init__(self, deployment: Deployment, *, starting: bool = False) -> None:
        self._deployment, self._began = deployment, time.monotonic()
        self._before = Turns() if starting else turns(deployment.containers.values())
        self._seen, self._enough = self._before, threading.Event()

    @property
    def seconds(self) -> float:
        """Since this was made."""
        return time.monotonic() - self._began

    def __enter__(self) -> Self:
        self._watcher = threading.Thread(target=self._watch, name="held", daemon=True)
        self._watcher.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._enough.set()
        self._watcher.join()

    def __call__(self) -> float:
        self._look()
        return held_up(self._before, self._seen, self.seconds)

    def _watch(self) -> None:
        while not self._enough.wait(LOOK):
            with contextlib.suppress(EngineFault):  # whoever asks the engine for more than this will hear of it
                self._look()

    def _look(self) -> None:
        now = turns(self._deployment.containers.values())
        self._seen = Turns(ran={**self._seen.ran, **now.ran}, waited={**self._seen.waited, **now.waited})


def held_up(before: Turns, after: Turns, seconds: float) -> float:
    """For how many of the `seconds` between the two looks somebody else had the processor that the threads wanted."""
    ran: dict[str, float] = defaultdict(float)
    for thread, value in after.ran.items():
        ran[thread[0]] += value - before.ran.get(thread, 0.0)
    if any(value >= RAN * seconds for value in ran.values()):
        return 0.0
    return min(seconds, sum(value - before.waited.get(thread, 0.0) for thread, value in after.waited.items()))


def _threads(container: str) -> list[int]:
    for place in PLACES:
        with contextlib.suppress(OSError, ValueError):
            found = (ROOT / place.format(container)).read_text(encoding="ascii").split()
            return [number for number in map(int, found) if number]  # 0 is one of another name space
    return []
