"""One container of a submission: looked at, listened to, asked to end. The run's ledger removes what is left of it."""

import contextlib
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from grader.deadline import Deadline
from grader.engine.connection import Engine
from grader.engine.exec import execute
from grader.engine.faults import engine_faults, has_ended
from grader.facts import Executed, Printed, Process, Stopped

LOG_LINES = 200
LOG_LIMIT = 64_000  # bytes
PRINTED_LIMIT = 1_000_000  # bytes of one stream, where a line is looked for; the engine keeps two of these
# Any process of the container, its user as a number, its command as it stands in the kernel.
PS = "-eo pid,uid,args"


@dataclass(frozen=True, kw_only=True)
class State:
    """A container at one moment."""

    running: bool
    exit_code: int
    out_of_memory: bool
    address: str  # the host and port at which its port is reached from here
    port: int
    health: str = ""  # "starting", "healthy", "unhealthy", or nothing where it has no health check
    restarts: int = 0


@dataclass(frozen=True, kw_only=True)
class Container:
    """A container by its id, and the port inside it that requests go to."""

    engine: Engine
    id: str
    port: int

    def state(self) -> State:
        """Look at the container now.

        :raises EngineFault: it is gone, or the engine is
        """
        details = self._inspect()
        state = details["State"]
        address, port = self._address(details["NetworkSettings"])
        return State(
            running=bool(state["Running"]),
            exit_code=int(state["ExitCode"]),
            out_of_memory=bool(state["OOMKilled"]),
            address=address,
            port=port,
            health=str((state.get("Health") or {}).get("Status", "")),
            restarts=int(details.get("RestartCount") or 0),
        )

    def logs(self) -> str:
        """The last lines of what it printed, on both streams, bounded."""
        return self._logs(stdout=True, stderr=True)

    def printed(self) -> Printed:
        """What it printed on each stream, as far as the engine keeps it."""
        return Printed(
            stdout=self._logs(stdout=True, stderr=False, lines="all", limit=PRINTED_LIMIT),
            stderr=self._logs(stdout=False, stderr=True, lines="all", limit=PRINTED_LIMIT),
        )

    def processes(self) -> tuple[Process, ...]:
        """What runs inside, as the host's kernel tells it: the image may hold no `ps`, or a lying one."""
        from docker.errors import APIError

        first = str(self._inspect()["State"]["Pid"])
        with engine_faults("listing the container's processes"):
            try:
                listed = self.engine.client.api.top(self.id, ps_args=PS)
            except APIError as error:
                if has_ended(error):
                    return ()
                raise
            # Of one that ends at this moment the engine lists nothing at all.
            rows = [(str(pid), str(uid), str(command)) for pid, uid, command in listed["Processes"] or ()]
        return tuple(Process(first=pid == first, uid=uid, command=command) for pid, uid, command in rows)

    def execute(self, command: Sequence[str], deadline: Deadline) -> Executed:
        """Run a command inside, until `deadline` at most; what it prints is bounded."""
        return execute(self.engine, self.id, command, deadline)

    def stop(self, deadline: Deadline) -> Stopped:
        """Ask it to end, and kill it at the deadline.

        `docker stop` does not tell its own kill from a program that ends with the same code, so signal and kill are
        sent apart.
        """
        details = self._inspect()
        if not details["State"]["Running"]:
            code = int(details["State"]["ExitCode"])
            return Stopped(running=False, exit_code=code, seconds=0.0, killed=False)
        started = time.monotonic()
        self._signal(str(details["Config"].get("StopSignal") or "SIGTERM"))
        while (running := self.state().running) and not deadline.is_past:
            time.sleep(0.01)
        took = time.monotonic() - started
        if running:
            self._signal("SIGKILL")
        with engine_faults("waiting for the container"):
            code = int(self.engine.client.api.wait(self.id, timeout=30)["StatusCode"])
        return Stopped(exit_code=code, seconds=took, killed=running)

    def remove(self) -> None:
        """Remove the container with what it wrote; a volume that has a name stays."""
        from docker.errors import NotFound

        with engine_faults("removing the container"), contextlib.suppress(NotFound):
            # `v`: an image with a VOLUME line would leave an anonymous volume behind.
            self.engine.client.api.remove_container(self.id, force=True, v=True)

    def _logs(
        self, *, stdout: bool, stderr: bool, lines: int | Literal["all"] = LOG_LINES, limit: int = LOG_LIMIT
    ) -> str:
        with engine_faults("reading the container's log"):
            output = self.engine.client.api.logs(self.id, stdout=stdout, stderr=stderr, tail=lines)
            return output[-limit:].decode("utf-8", "replace")

    def _signal(self, name: str) -> None:
        from docker.errors import APIError

        with engine_faults(f"sending {name}"):
            try:
                self.engine.client.api.kill(self.id, name)
            except APIError as error:
                if not has_ended(error):
                    raise

    def _inspect(self) -> dict[str, Any]:
        with engine_faults("looking at the container"):
            return dict(self.engine.client.api.inspect_container(self.id))

    def _address(self, settings: dict[str, Any]) -> tuple[str, int]:
        if self.engine.local:
            addresses = (str(each["IPAddress"] or "") for each in settings["Networks"].values())
            return next(filter(None, addresses), ""), self.port
        bindings = (settings["Ports"] or {}).get(f"{self.port}/tcp") or [{"HostIp": "127.0.0.1", "HostPort": 0}]
        return str(bindings[0]["HostIp"]), int(bindings[0]["HostPort"])
