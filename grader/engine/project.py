"""Brings up a submission that is a Compose project: the project of our own making that stands for the student's."""

import contextlib
import json
import secrets
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader import compose
from grader.compose.stage import places
from grader.deadline import Deadline
from grader.engine import blame, mounted
from grader.engine.command import CommandResult, CommandTimeout
from grader.engine.connection import Engine
from grader.engine.container import Container
from grader.engine.deployment import Refusal
from grader.engine.faults import engine_faults
from grader.engine.image import inspect
from grader.engine.ledger import Lease
from grader.engine.network import make_network
from grader.engine.stores import Door, stores_of
from grader.errors import EngineFault
from grader.facts import Variation

SERVICE = "com.docker.compose.service"
PROJECT = "com.docker.compose.project"
START_INTERVAL = (1, 44)  # the first version of the engine's API that knows it
STARTED = "service_started"  # of what is waited for, the condition that is met at once
GRACE = 3  # seconds for a service to end, when its container is replaced
STOP_TIMEOUT = 60.0  # seconds for all of them
SHARE = 2 / 3  # of the time that all may take, for the databases
LEAST = 5.0  # seconds that the rest has, however long the databases took


@dataclass(kw_only=True)
class ProjectDeployment:
    """The services of a Compose project, brought up by Compose from a file that we wrote."""

    engine: Engine
    lease: Lease
    project: compose.Project
    folder: Path  # of the submission
    images: Mapping[str, str]  # service -> id or reference
    memory: Mapping[str, int]  # service -> megabytes
    main: str
    port: int
    variation: Variation
    name: str = field(default_factory=lambda: f"s{secrets.token_hex(6)}")
    _networks: dict[str, str] = field(default_factory=dict)  # the student's name -> ours
    _containers: dict[str, Container] = field(default_factory=dict)
    _rising: bool = False

    @property
    def containers(self) -> Mapping[str, Container]:
        return self._found() if self._rising else self._containers

    def up(self, deadline: Deadline) -> Refusal | None:
        """Have Compose start the services in their order, the databases first; see Deployment."""
        try:
            return self._stores(deadline) or self._up(deadline)
        except CommandTimeout:
            self._containers = self._found()
            needs = [need for each in self.project.active.values() for need in each.depends_on.items()]
            waited = {name: how for name, how in needs if how != STARTED}
            return blame.too_late(deadline.seconds, self._containers, waited)

    def down(self, *, data: bool) -> None:
        """Remove the containers, as `docker compose down` does; see Deployment."""
        if not data:
            # Whoever keeps data in a file writes it out when asked to end.
            self._compose("stop", "--timeout", str(GRACE), deadline=Deadline(STOP_TIMEOUT))
        for container in self._found().values():
            container.remove()
        self._containers = {}
        if data:
            self._remove_all()

    def _stores(self, deadline: Deadline) -> Refusal | None:
        """Start the databases by themselves and wait for them, but where one of them is to come late."""
        first = {} if self.variation.late else stores_of(self.engine, self.project, self.main, self.images)
        if not first:
            return None
        share = Deadline(deadline.seconds * SHARE, deadline.held_up)
        if refusal := self._up(deadline, *first):
            return refusal
        doors = [
            Door(
                engine=self.engine,
                service=service,
                container=self._containers[service],
                port=port,
                image=self.images[service],
                label=self.lease.label,
                own=self.project.active[service].build is not None,
            )
            for service, port in first.items()
        ]
        with ThreadPoolExecutor(len(doors)) as pool:
            refusals = list(pool.map(lambda door: door.wait(share), doors))
        return next(filter(None, refusals), None)

    def _up(self, deadline: Deadline, *services: str) -> Refusal | None:
        deadline.give(LEAST)
        self._rising = True
        try:
            done = self._compose("up", "--detach", "--no-build", "--quiet-pull", *services, deadline=deadline)
        finally:
            self._rising = False
        self._containers = self._found()
        if not done.code:
            return None
        return blame.refusal(self._told(done.stderr), self.name, self._containers)

    def _compose(self, *args: str, deadline: Deadline) -> CommandResult:
        file = self.lease.folder / f"{self.name}.json"
        if not file.exists():
            try:
                file.write_text(json.dumps(self._document()), encoding="utf-8")
                (self.lease.folder / "empty.env").touch()
            except OSError as error:
                raise EngineFault(f"the project's files cannot be laid out: {error}") from error
        return self.engine.command.run(
            *("compose", "--project-name", self.name, "--env-file", str(self.lease.folder / "empty.env")),
            *("--file", str(file), "--progress", "plain", *args),
            deadline=deadline,
        )

    def _document(self) -> dict[str, Any]:
        compose.stage(self.project, self.folder, self._mounts, self.variation.files)
        for network in self.project.networks:
            self._networks[network] = make_network(self.engine, self.lease.label)
        document = compose.document(
            self.project,
            name=self.name,
            images={**self.images, **self.variation.images},
            networks={network: self._name_of(made) for network, made in self._networks.items()},
            label=self.lease.label,
            memory=self.memory,
            folder=self._mounts,
            late=self.variation.late,
            environment={self.main: self.variation.variables(self.project.active[self.main].environment)},
            commands={service: self._command_of(service) for service in self.variation.late},
            runtime=self.engine.runtime,
            publish={} if self.engine.local else {self.main: self.port},
        )
        if not self._may_start_often():
            for service in document["services"].values():
                service.get("healthcheck", {}).pop("start_interval", None)
        return document

    def _may_start_often(self) -> bool:
        """Whether the engine knows an interval for the start period: Compose asks no other for it, and fails."""
        version = str(self.engine.details.get("ApiVersion", "")).split(".")
        return len(version) == 2 and tuple(map(int, version)) >= START_INTERVAL

    @property
    def _mounts(self) -> Path:
        return self.lease.folder / f"{self.name}.mounts"

    def _told(self, words: str) -> str:
        """What the engine said, with the places on this machine named as the student named them."""
        for mount, place in places(self.project, self._mounts).items():
            words = words.replace(str(place), f"./{mount.source}")
        return words

    def _command_of(self, service: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        record = inspect(self.engine, self.images[service]) or {}
        config = record.get("Config") or {}
        return tuple(config.get("Entrypoint") or ()), tuple(config.get("Cmd") or ())

    def _name_of(self, network: str) -> str:
        with engine_faults("looking at a network"):
            return str(self.engine.client.api.inspect_network(network)["Name"])

    def _found(self) -> dict[str, Container]:
        filters = {"label": [self.lease.label, f"{PROJECT}={self.name}"]}
        with engine_faults("listing the project's containers"):
            rows = self.engine.client.api.containers(all=True, filters=filters)
            return {
                str(row["Labels"][SERVICE]): Container(engine=self.engine, id=str(row["Id"]), port=self.port)
                for row in rows
            }

    def _remove_all(self) -> None:
        from docker.errors import NotFound

        api = self.engine.client.api
        with engine_faults("removing the project's volumes and networks"):
            found = api.volumes(filters={"label": [self.lease.label, f"{PROJECT}={self.name}"]})["Volumes"] or ()
            for volume in found:
                api.remove_volume(volume["Name"])
            for network in self._networks.values():
                with contextlib.suppress(NotFound):
                    api.remove_network(network)
        self._networks = {}
        mounted.remove(self._mounts, engine=self.engine, image=self.images[self.main], label=self.lease.label)
