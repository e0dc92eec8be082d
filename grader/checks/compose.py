"""The `compose` check: what the student's Compose file says of its services, and whether they are healthy."""

import itertools
import time
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar

from grader.checks.base import Check, Subject
from grader.checks.service import HEALTHY, no_service
from grader.checks.slips import Faults
from grader.report import Result

if TYPE_CHECKING:
    from grader.compose import Project, Service

FILE = "compose.yaml"
SECOND_LOOK = 10.0  # seconds for a service that is not healthy to be so again
PAUSE = 0.25
MOVED = "PGDATA"  # where a student has Postgres keep its files, if elsewhere
Miss = tuple[str, str, dict[str, str]]  # what was expected, what is there, and the facts of it


class ComposeCheck(Check, frozen=True, kw_only=True, tag="compose"):
    """Looks at the file as it was read; `healthy` looks at the containers as well.

    The ports of the file are a claim: the grader publishes none of them.
    """

    needs_project: ClassVar[bool] = True

    services: tuple[str, ...] = ()  # are started
    images: dict[str, str] = {}  # service -> the image that it names, rather than a build
    healthy: tuple[str, ...] = ()  # have a health check, and pass it
    waits: dict[str, str] = {}  # service -> another, for whose health it waits
    volumes: dict[str, str] = {}  # service -> a path inside that lies on a named volume
    published: dict[str, int] = {}  # service -> the container port that is published
    unpublished: tuple[str, ...] = ()  # publish no port at all
    apart: dict[str, str] = {}  # service -> another, with which it shares no network

    @property
    def needs_start(self) -> bool:  # type: ignore[override]  # only health needs it
        return bool(self.healthy)

    def asks(self) -> str:
        return f"In {FILE}, {', '.join(self._wishes())}"

    def _wishes(self) -> Iterator[str]:
        if self.services:
            yield f"the services {', '.join(self.services)} are started"
        yield from (f"{service} runs the image {image}" for service, image in self.images.items())
        yield from (f"{service} has a health check and passes it" for service in self.healthy)
        yield from (f"{service} waits until {other} is healthy" for service, other in self.waits.items())
        yield from (f"{path} of {service} is on a named volume" for service, path in self.volumes.items())
        yield from (f"{service} publishes its port {port}" for service, port in self.published.items())
        yield from (f"{service} publishes no port" for service in self.unpublished)
        yield from (f"{service} and {other} share no network" for service, other in self.apart.items())

    def faults(self) -> Faults:
        if not list(self._wishes()):
            yield "", "asserts nothing and can never fail: add services, healthy, waits, volumes, published or the like"
        for service, port in self.published.items():
            if not 0 < port < 65536:
                yield "published", f"published: {service} = {port} is not between 1 and 65535"
            if service in self.unpublished:
                yield "unpublished", f"unpublished: {service!r} is among published too: nothing could pass"
        for service, path in self.volumes.items():
            if not path.startswith("/"):
                yield "volumes", f"volumes: {service} = {path!r} is no path inside a container: it starts with /"
        for name, pairs in (("waits", self.waits), ("apart", self.apart)):
            for service, other in pairs.items():
                if service == other:
                    yield name, f"{name}: {service!r} cannot be two services: nothing could pass"

    def run(self, subject: Subject) -> Result:
        asked, project = "docker compose config", subject.project
        assert project is not None  # noqa: S101 -- the exercise is refused otherwise
        lists = (self.services, self.healthy, self.unpublished)
        pairs = (self.images, self.waits, self.volumes, self.published, self.apart)
        named = [name for names in (*lists, *pairs) for name in names]
        named += [*self.waits.values(), *self.apart.values()]
        for name in named:
            if absent := no_service(self, subject, name, asked=asked):
                return absent
        # Without a health check nobody can wait for it: that is the cause of the other.
        for expected, got, facts in itertools.chain(self._sick(subject), _misses(self, project)):
            return self.failed(asked=asked, expected=expected, got=got, evidence=facts)
        return self.passed(asked=asked)

    def _sick(self, subject: Subject) -> Iterator[Miss]:
        for service in self.healthy:
            health, deadline = subject.health(service), subject.deadline(SECOND_LOOK)
            # On a busy machine a check may fail for a while that is met all the time elsewhere.
            while health == "unhealthy" and not deadline.is_past:
                time.sleep(PAUSE)
                health = subject.health(service)
            if not health:
                yield f"a health check for {service}", "none", {"fault": "no-health", "service": service}
            elif health != "healthy":
                facts = {"fault": "not-healthy", "service": service, "health": health}
                yield f"{service} healthy", health, facts


def _misses(check: ComposeCheck, project: "Project") -> Iterator[Miss]:
    """Each thing that the file does not say as it should."""
    services = project.active
    for name, image in check.images.items():
        if services[name].build or services[name].image != image:
            got = "a build" if services[name].build else services[name].image
            yield f"the image {image} for {name}", got, {"fault": "image", "service": name}
    for name, other in check.waits.items():
        condition = services[name].depends_on.get(other, "")
        if not _waits(services, name, other):
            facts = {"fault": "not-waited-for", "service": name, "other": other, "condition": condition}
            yield f"{name} waits until {other} is healthy", condition or f"no depends_on for {other}", facts
    for name, path in check.volumes.items():
        yield from _volume(services[name], path)
    for name, port in check.published.items():
        found = [f"{each.published}:{each.target}" for each in services[name].ports]
        if port not in [each.target for each in services[name].ports if each.protocol == "tcp"]:
            swapped = any(each.published == str(port) for each in services[name].ports)
            facts = {"fault": "not-published", "service": name, "port": str(port), "ports": ", ".join(found)}
            yield f"{name}'s port {port} published", ", ".join(found) or "no ports", facts | _yes("swapped", swapped)
    for name in check.unpublished:
        if ports := services[name].ports:
            got = ", ".join(f"{each.published}:{each.target}" for each in ports)
            yield f"no ports for {name}", got, {"fault": "published", "service": name, "ports": got}
    for name, other in check.apart.items():
        if shared := sorted(services[name].networks.keys() & services[other].networks.keys()):
            facts = {"fault": "same-network", "service": name, "other": other, "network": shared[0]}
            yield f"{name} and {other} on networks of their own", f"both are on {', '.join(shared)}", facts


def _volume(service: "Service", path: str) -> Iterator[Miss]:
    """A path that lies on no named volume, with what is there instead."""
    expected, facts = f"{path} of {service.name} on a named volume", {"service": service.name, "path": path}
    over = [each for each in service.mounts if _holds(service, each.target, path)]
    kind = max(over, key=lambda each: len(each.target)).kind if over else ""
    if kind == "volume":
        return
    if kind == "anonymous":
        yield expected, "a volume without a name, which is new with every container", facts | {"fault": "no-volume"}
        return
    if kind:
        yield expected, f"a mount of another kind: {kind}", facts | {"fault": "not-a-named-volume"}
        return
    others = [each.target for each in service.mounts if each.kind == "volume"]
    got = f"a named volume on {', '.join(others)}" if others else "no volume"
    yield (
        expected,
        got,
        facts | ({"fault": "volume-elsewhere", "place": others[0]} if others else {"fault": "no-volume"}),
    )


def _holds(service: "Service", place: str, path: str) -> bool:
    """Whether what is mounted at `place` holds what is kept under `path`."""
    if place == path:
        return True
    # The image of a database has a volume of its own at the path: what lies above it stays empty.
    kept = service.environment.get(MOVED, "") if service.build is None else path
    return not (service.build is None and _above(place, path)) and (kept == place or _above(place, kept))


def _above(place: str, path: str) -> bool:
    return path.startswith(f"{place.rstrip('/')}/")


def _waits(services: "Mapping[str, Service]", name: str, other: str) -> bool:
    """Whether Compose starts a service once the other is healthy: itself, or one that it waits for, waits for that."""
    needs = services[name].depends_on
    return needs.get(other) == HEALTHY or any(_waits(services, each, other) for each in needs if each in services)


def _yes(name: str, holds: bool) -> dict[str, str]:
    return {name: "yes"} if holds else {}
