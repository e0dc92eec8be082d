"""A submission that is up and running: started, waited for, asked, and taken down again."""

import random
import re
import time
from dataclasses import dataclass

from grader import http
from grader.engine import Engine
from grader.engine.container import Container, State
from grader.engine.ledger import Lease
from grader.engine.sockets import listening
from grader.errors import EngineFault
from grader.exercise import Run
from grader.facts import ImageFacts, Stopped
from grader.http import Answer, NoAnswer, Request

HOST_PORT = 8080  # what the course publishes on, in the commands that a report shows
POLL = 0.01  # seconds between two tries to reach the app, at first
POLL_LIMIT = 0.05
SETTLE = 0.2  # seconds in which an app that crashed on a request takes its container with it
PROBE_AFTER = 3.0  # seconds without an answer before the sockets are looked at
MISSING_MODULE = re.compile(r"ModuleNotFoundError: No module named '(?P<module>\w+)'")
LOOPBACK = ("127.", "[::1]")
LOG_LINES = 12  # lines of the container's log in a report


@dataclass(kw_only=True)
class Target:
    """One container of the built image; the run's ledger removes what is left of it."""

    engine: Engine
    name: str  # of the image, in the commands that a report shows
    image_id: str
    image: ImageFacts
    run: Run
    lease: Lease
    seed: int
    files: tuple[str, ...]  # that were handed in
    probe: str  # a base image, to look at sockets with
    ended: bool = False  # a check has stopped it: the next one needs a new container
    _state: State | None = None

    def __post_init__(self) -> None:
        self._container = self._new()

    @property
    def command(self) -> str:
        """How a student starts the same container."""
        return f"docker run -d --name {self.name} -p 127.0.0.1:{HOST_PORT}:{self.run.port} {self.name}"

    def start(self) -> dict[str, str]:
        """Start a container and wait until it answers; returns the evidence where it does not, else nothing.

        :raises EngineFault: the engine is at fault
        """
        if refused := self._container.start(self.image_id):
            return self._evidence(refused=refused)
        deadline = time.monotonic() + self.run.timeout
        probe_at, wait, reason = time.monotonic() + PROBE_AFTER, POLL, ""
        while True:
            self._state = self._container.state()
            if not self._state.running:
                return self._evidence(reason="exited")
            try:
                self._send(Request(path=self.run.ready))
                return {}
            except NoAnswer as none:
                reason = none.reason
            now = time.monotonic()
            if now > min(deadline, probe_at):
                probe_at = float("inf")
                found = self._listening()
                # Whoever holds the port on loopback keeps every other socket from it: waiting cannot help.
                if found is not None and (now > deadline or f"127.0.0.1:{self.run.port}" in found):
                    self._must_be_reachable(reason, found)
                    return self._evidence(reason=reason, listening=found)
            time.sleep(wait)
            wait = min(wait * 1.5, POLL_LIMIT)

    def restart(self) -> dict[str, str]:
        """Take the container down and start a new one from the same image; returns as `start` does."""
        self._container.remove()
        self._container, self._state, self.ended = self._new(), None, False
        return self.start()

    def random(self, name: str) -> random.Random:
        """A generator that gives the same for the same seed and name, in whatever order the checks run."""
        return random.Random(f"{self.seed}:{name}")  # noqa: S311 -- must be repeatable

    def request(self, request: Request) -> Answer:
        return self._send(request)

    def curl(self, request: Request) -> str:
        return request.curl(HOST_PORT)

    def stop(self, seconds: float) -> Stopped:
        self.ended = True
        state = self._container.state()
        if not state.running:
            return Stopped(running=False, exit_code=state.exit_code, seconds=0.0, killed=False)
        exit_code, took, killed = self._container.stop(seconds)
        return Stopped(exit_code=exit_code, seconds=took, killed=killed)

    def condition(self) -> dict[str, str]:
        """How the container is after a failed check: whether it still runs, and what it printed."""
        if not self._container.id:
            return {}  # nothing was started yet: the check looked at the image
        state = self._settled()
        self.ended = not state.running
        facts = {"running": "yes" if state.running else "no", "logs": self._container.logs()}
        if not state.running:
            facts |= {
                "exit_code": str(state.exit_code),
                "out_of_memory": "yes" if state.out_of_memory else "no",
            }
        return facts

    def log(self) -> str:
        """The last lines that the container printed."""
        return "\n".join(self._container.logs().splitlines()[-LOG_LINES:])

    def _settled(self) -> State:
        """Its state, a moment later if it still runs: an app closes its connections before its container ends."""
        deadline = time.monotonic() + SETTLE
        while (state := self._container.state()).running and time.monotonic() < deadline:
            time.sleep(POLL)
        return state

    def _own_module(self, logs: str) -> str:
        """The module that the app could not import, where the student wrote it: it is not in the image."""
        found = MISSING_MODULE.search(logs)
        module = found["module"] if found else ""
        written = any(name == f"{module}.py" or name.startswith(f"{module}/") for name in self.files)
        return module if module and written else ""

    def _new(self) -> Container:
        run = self.run
        return Container(self.engine, lease=self.lease, port=run.port, memory=run.memory)

    def _send(self, request: Request) -> Answer:
        state = self._state or self._container.state()
        if not state.address:  # an empty name would be this machine itself
            raise NoAnswer("unreachable", "the container has no address any more")
        return http.send(state.address, state.port, request)

    def _listening(self) -> tuple[str, ...] | None:
        """The addresses it listens on; None where it ended while they were read."""
        try:
            return self._sockets()
        except EngineFault:
            if self._container.state().running:
                raise
            return None

    def _must_be_reachable(self, reason: str, found: tuple[str, ...]) -> None:
        """A connection to a port that is open on all addresses is never refused by the app: then the way is closed.

        :raises EngineFault: we stand where containers cannot be reached
        """
        open_to_all = {f"0.0.0.0:{self.run.port}", f"[::]:{self.run.port}"} & set(found)
        if open_to_all and reason in ("refused", "unreachable"):
            raise EngineFault("the engine's containers cannot be reached from here: grade on the engine's own machine")

    def _sockets(self) -> tuple[str, ...]:
        return listening(self.engine, container=self._container.id, image=self.probe, label=self.lease.label)

    def _evidence(self, *, refused: str = "", reason: str = "", listening: tuple[str, ...] = ()) -> dict[str, str]:
        logs = self._container.logs()
        evidence = {
            "kind": "start",
            "name": self.name,
            "reason": "refused to start" if refused else reason,
            "refused": refused,
            "port": str(self.run.port),
            "listening": " ".join(listening),
            "other_port": _other_port(listening, self.run.port),
            "loopback_port": _loopback_port(listening, self.run.port),
            "logs": logs,
            "command": self.image.line,
            "entrypoint": " ".join(self.image.entrypoint),
            "own_module": self._own_module(logs),
            "inherited": "yes" if self.image.inherited else "no",
        }
        if self._state is not None and not self._state.running:
            evidence["exit_code"] = str(self._state.exit_code)
            evidence["out_of_memory"] = "yes" if self._state.out_of_memory else "no"
        return evidence


def _loopback_port(listening: tuple[str, ...], port: int) -> str:
    """The port on the container's own loopback, where nothing else is open and it is not the right one either."""
    ports = [address.rpartition(":")[2] for address in listening]
    hidden = bool(listening) and all(address.startswith(LOOPBACK) for address in listening)
    return ports[0] if hidden and str(port) not in ports else ""


def _other_port(listening: tuple[str, ...], port: int) -> str:
    """The port that can be reached from outside, where the right one cannot."""
    reachable = [address.rpartition(":")[2] for address in listening if not address.startswith(LOOPBACK)]
    return "" if str(port) in reachable else next(iter(reachable), "")
