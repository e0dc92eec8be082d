"""Runs a submission's image in a container that can do little harm, watches it, and ends it."""

import contextlib
import re
import time
from dataclasses import dataclass
from typing import Any

from grader.engine.connection import Engine
from grader.engine.faults import engine_faults
from grader.engine.ledger import Lease
from grader.errors import EngineFault

# Docker's default set less what an honest web app never needs: raw sockets, device nodes, chroot, file capabilities.
# With none at all, a start script that runs as root and then changes its user would fail.
CAPABILITIES = ("CHOWN", "DAC_OVERRIDE", "FOWNER", "KILL", "NET_BIND_SERVICE", "SETGID", "SETUID")
PIDS = 256  # fewer would stop gVisor's own threads
LOG_LINES = 200
LOG_LIMIT = 64_000  # bytes
# What the engine says where the image itself asks for what cannot be: its command, its user, its volumes.
BY_THE_IMAGE = re.compile(
    r"exec: |no command specified|unable to find (?:user|group)|no matching entries in|uids and gids must be"
    r"|invalid volume specification|destination can't be|error mounting .* to rootfs|cannot be mounted"
)


@dataclass(frozen=True, kw_only=True)
class State:
    """A container at one moment."""

    running: bool
    exit_code: int
    out_of_memory: bool
    address: str  # the host and port at which its port is reached from here
    port: int


class Container:
    """One container of a submission, on a network of its own; the run's ledger removes what is not removed before."""

    def __init__(self, engine: Engine, *, lease: Lease, port: int, memory: int) -> None:
        self._engine = engine
        self._api = engine.client.api
        self._lease = lease
        self._port = port
        self._memory = memory
        self.id = ""

    def start(self, image: str) -> str:
        """Start the image's own command; returns why it cannot be run, or nothing.

        :raises EngineFault: the engine refused for a reason that is not the image's
        """
        from docker.errors import APIError

        with engine_faults("starting the container"):
            try:
                made = self._api.create_container(
                    image,
                    labels={self._lease.label: ""},
                    ports=[self._port],
                    host_config=self._api.create_host_config(**self._limits()),
                    healthcheck={"test": ["NONE"]},  # a student's could burn a core every second
                    use_config_proxy=False,  # the user's proxy settings hold a password
                )
                self.id = str(made["Id"])
                self._api.start(self.id)
            except APIError as error:
                if BY_THE_IMAGE.search(str(error.explanation)):
                    return str(error.explanation)
                raise
        return ""

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
        )

    def logs(self) -> str:
        """The last lines of what it printed, bounded."""
        if not self.id:
            return ""
        with engine_faults("reading the container's log"):
            return self._api.logs(self.id, tail=LOG_LINES)[-LOG_LIMIT:].decode("utf-8", "replace")

    def stop(self, seconds: float) -> tuple[int, float, bool]:
        """Ask it to end; returns its exit code, the seconds it took, and whether it had to be killed.

        `docker stop` does not tell its own kill from a program that ends with the same code, so signal and kill are
        sent apart.
        """
        signal = str(self._inspect()["Config"].get("StopSignal") or "SIGTERM")
        started = time.monotonic()
        self._signal(signal)
        while (running := self.state().running) and time.monotonic() - started < seconds:
            time.sleep(0.01)
        took = time.monotonic() - started
        if running:
            self._signal("SIGKILL")
        with engine_faults("waiting for the container"):
            return int(self._api.wait(self.id, timeout=30)["StatusCode"]), took, running

    def remove(self) -> None:
        """Remove the container with what it wrote."""
        from docker.errors import NotFound

        if self.id:
            with engine_faults("removing the container"), contextlib.suppress(NotFound):
                # `v`: an image with a VOLUME line would leave an anonymous volume behind.
                self._api.remove_container(self.id, force=True, v=True)
        self.id = ""

    def _signal(self, name: str) -> None:
        from docker.errors import APIError

        with engine_faults(f"sending {name}"):
            try:
                self._api.kill(self.id, name)
            except APIError as error:
                if error.status_code != 409:  # it had ended by itself
                    raise

    def _inspect(self) -> dict[str, Any]:
        if not self.id:
            raise EngineFault("the container is gone: it was removed while it was being graded")
        with engine_faults("looking at the container"):
            return dict(self._api.inspect_container(self.id))

    def _limits(self) -> dict[str, Any]:
        limits: dict[str, Any] = {
            "cap_drop": ["ALL"],
            "cap_add": list(CAPABILITIES),
            "security_opt": ["no-new-privileges"],
            "mem_limit": f"{self._memory}m",
            "memswap_limit": f"{self._memory}m",
            "nano_cpus": 1_000_000_000,
            "pids_limit": PIDS,
            "shm_size": "64m",
            "ulimits": [
                {"Name": "nofile", "Soft": 4096, "Hard": 4096},
                {"Name": "core", "Soft": 0, "Hard": 0},
            ],
            # The default driver keeps everything; this one turns over. It cannot compress with one file alone.
            "log_config": {"Type": "local", "Config": {"max-size": "1m", "max-file": "2"}},
            "restart_policy": {"Name": "no"},
            "network_mode": self._lease.network.result(),
        }
        return limits if self._engine.local else limits | {"port_bindings": {self._port: ("127.0.0.1", None)}}

    def _address(self, settings: dict[str, Any]) -> tuple[str, int]:
        if self._engine.local:
            return next((str(each["IPAddress"]) for each in settings["Networks"].values()), ""), self._port
        bindings = (settings["Ports"] or {}).get(f"{self._port}/tcp") or [{"HostIp": "127.0.0.1", "HostPort": 0}]
        return str(bindings[0]["HostIp"]), int(bindings[0]["HostPort"])
