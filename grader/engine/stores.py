"""Starts a project's databases before the rest, so that chance does not decide which of them is up first.

A database makes its files on its first start, and nobody knows how long that takes on a busy machine: an app that does
not wait for it would be up on one day and not on the next. Some health checks are met by the server that runs meanwhile
and takes no connections. Whether an app waits is looked at by a check of its own, which holds the database back.
"""

import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass

from grader.compose import Project
from grader.deadline import Deadline
from grader.engine.blame import ended
from grader.engine.connection import Engine
from grader.engine.container import Container
from grader.engine.deployment import Refusal
from grader.engine.image import inspect
from grader.engine.sockets import listening
from grader.errors import EngineFault

POLL = 0.05  # seconds between two knocks
KNOCK = 1.0  # seconds for one
LOOK_EVERY = 3.0  # seconds between two looks at the sockets, for a database that was given another port
ENOUGH = 3  # restarts of a database, which waits for nobody: the next one will end as these did
LOOPBACK = ("127.", "[::1]")


def stores_of(engine: Engine, project: Project, main: str, images: Mapping[str, str]) -> dict[str, int]:
    """The services that keep data and wait for nothing, each with the port that its image says it serves.

    :raises EngineFault: the engine is at fault
    """
    found = {}
    for name, service in project.active.items():
        if name == main or service.depends_on:
            continue
        config = (inspect(engine, images[name]) or {}).get("Config") or {}
        ports = [int(port.partition("/")[0]) for port in config.get("ExposedPorts") or ()]
        if config.get("Volumes") and ports:
            found[name] = min(ports)  # MySQL's other one, of a protocol that few speak, is the higher
    return found


@dataclass(frozen=True, kw_only=True)
class Door:
    """A database's port: knocked at until it opens."""

    engine: Engine
    service: str
    container: Container
    port: int
    image: str
    label: str
    own: bool  # the student's build: it may be an app, which ends where a database is not there yet

    def wait(self, deadline: Deadline) -> Refusal | None:
        """Wait until it takes connections, until it has ended, or until `deadline`, which is no fault of its own.

        :raises PassingFault: somebody else ended it, or it was kept from running
        :raises EngineFault: the engine is at fault
        """
        look_at = time.monotonic() + LOOK_EVERY
        while not deadline.is_past:
            state = self.container.state()
            if not state.running or state.restarts >= ENOUGH:
                return None if self.own else ended(self.service, state)
            if self.engine.local and state.address and _opens(state.address, self.port):
                return None
            if time.monotonic() > look_at:
                if self._listens():
                    return None
                look_at = time.monotonic() + LOOK_EVERY
            time.sleep(POLL)
        return None

    def _listens(self) -> bool:
        """Whether it listens where others reach it, on whatever port."""
        try:
            found = listening(self.engine, container=self.container.id, image=self.image, label=self.label)
        except EngineFault:
            if self.container.state().running:
                raise
            return False
        return any(not address.startswith(LOOPBACK) for address in found)


def _opens(address: str, port: int) -> bool:
    try:
        with socket.create_connection((address, port), timeout=KNOCK):
            return True
    except OSError:
        return False
