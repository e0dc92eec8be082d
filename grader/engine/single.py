"""Brings up a submission that is one image: a container, and the volumes that the exercise gives it."""

import contextlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from grader.deadline import Deadline
from grader.engine import profile
from grader.engine.connection import Engine
from grader.engine.container import Container
from grader.engine.deployment import Refusal
from grader.engine.faults import engine_faults
from grader.engine.ledger import Lease
from grader.engine.refusal import by_the_image, holds

TMPFS_OPTIONS = "size=64m,mode=1777"


@dataclass(kw_only=True)
class Single:
    """One container of the built image."""

    engine: Engine
    lease: Lease
    image: str
    port: int
    memory: int  # megabytes
    environment: Mapping[str, str] = field(default_factory=dict)
    volumes: tuple[str, ...] = ()  # paths inside whose contents outlive the container
    read_only: bool = False
    tmpfs: tuple[str, ...] = ()
    main: str = ""
    _containers: dict[str, Container] = field(default_factory=dict)
    _kept: dict[str, str] = field(default_factory=dict)  # path -> name of its volume

    @property
    def containers(self) -> Mapping[str, Container]:
        return self._containers

    def up(self, deadline: Deadline) -> Refusal | None:
        """Start the image's own command; see Deployment."""
        from docker.errors import APIError

        api, settings = self.engine.client.api, self._settings()
        with engine_faults("starting the container"):
            try:
                made = str(api.create_container(self.image, **settings)["Id"])
                self._containers[self.main] = Container(engine=self.engine, id=made, port=self.port)
                api.start(made)
            except APIError as error:
                if words := by_the_image(str(error.explanation), self._holds):
                    return Refusal(words=words)
                raise
        return None

    def down(self, *, data: bool) -> None:
        """Remove the container; see Deployment."""
        from docker.errors import NotFound

        for container in self._containers.values():
            container.remove()
        self._containers = {}
        if data:
            for name in self._kept.values():
                with engine_faults("removing a volume"), contextlib.suppress(NotFound):
                    self.engine.client.api.remove_volume(name)
            self._kept = {}

    def _holds(self, path: str) -> bool:
        return any(holds(self.engine, container.id, path) for container in self._containers.values())

    def _settings(self) -> dict[str, Any]:
        limits: dict[str, Any] = profile.limits(self.engine, memory=self.memory)
        limits |= {
            "network_mode": self.lease.network.result(),
            "read_only": self.read_only,
            "tmpfs": dict.fromkeys(self.tmpfs, TMPFS_OPTIONS),
            "binds": [f"{name}:{path}" for path, name in self._made_volumes().items()],
        }
        if not self.engine.local:
            limits["port_bindings"] = {self.port: ("127.0.0.1", None)}
        return {
            "labels": {self.lease.label: ""},
            "environment": dict(self.environment),
            "ports": [self.port],
            "host_config": self.engine.client.api.create_host_config(**limits),
            "healthcheck": {"test": ["NONE"]},  # a student's could burn a core every second
            "use_config_proxy": False,  # the user's proxy settings hold a password
        }

    def _made_volumes(self) -> Mapping[str, str]:
        for path in self.volumes:
            if path not in self._kept:
                name = f"{self.lease.label}.{secrets.token_hex(4)}"
                with engine_faults("making a volume"):
                    self.engine.client.api.create_volume(name, labels={self.lease.label: ""})
                self._kept[path] = name
        return self._kept
