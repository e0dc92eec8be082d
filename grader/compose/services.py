"""Reads the services of a Compose file, and what they say of each other."""

from collections.abc import Mapping
from dataclasses import replace

from grader.compose import builds, fields, rules
from grader.compose.declared import Declared
from grader.compose.model import ComposeFault, FaultKind, Service, started
from grader.compose.nodes import Node, Table, wrong
from grader.compose.reading import Part, Reading, named
from grader.compose.relations import read_needs, related
from grader.compose.service import read_service

MOST = 10  # services
# What is wrong only where a service is started: one that a profile keeps out costs nobody anything.
PASSED_OVER = frozenset({FaultKind.MISSING, FaultKind.REFUSED, FaultKind.IMAGE})


def read_services(reading: Reading, declared: Declared, node: Node, profiles: tuple[str, ...]) -> dict[str, Service]:
    """All services, those that are not started too.

    :raises ComposeFault: one of them cannot be run
    """
    table = fields.table(node, "`services`")
    if not 1 <= len(table.nodes) <= MOST:
        reason = f"more than {MOST} services" if table.nodes else "it names none: write one under it"
        kind = FaultKind.TOO_LARGE if table.nodes else FaultKind.NO_SERVICE
        raise wrong(node, "`services`", reason, kind=kind)
    services: dict[str, Service] = {}
    parts: list[Part] = []
    for name, each in table.nodes.items():
        profiles_of = _profiles(each, name)
        try:
            part = _part(reading, table, name, each)
            services[name] = read_service(part, declared)
            parts.append(part)
        except ComposeFault as fault:
            idle = Service(name=name, profiles=profiles_of, line=table.lines[name])
            if fault.kind not in PASSED_OVER or started(idle, profiles):
                raise
            services[name] = idle
            reading.note(f"service '{name}' is not started, and was passed over: {fault.what}: {fault.reason}")
    services |= {part.name: _with_image(part, services, profiles) for part in parts}
    needs = {part.name: read_needs(part) for part in parts}
    return related(services, needs, profiles)


def _profiles(node: Node, name: str) -> tuple[str, ...]:
    found = node.nodes.get("profiles") if isinstance(node, Table) else None
    return () if found is None else fields.texts(found, f"service '{name}': `profiles`")


def _part(reading: Reading, table: Table, name: str, node: Node) -> Part:
    what, line = f"service '{named(table, f'service {name!r}', name)}'", table.lines[name]
    is_service = isinstance(node, Table) and {"image", "build"} & node.nodes.keys()
    if name in rules.FILE.read and not is_service:
        reason = f"`{name}` stands among the services: move it to the left margin"
        raise ComposeFault(kind=FaultKind.MISPLACED, what=f"`{name}`", reason=reason, line=line, nearest=name)
    if name in rules.SERVICE.known and not isinstance(node, Table):
        reason = "it stands where a service's name belongs: write a name such as `web:` above it, and indent it"
        raise ComposeFault(kind=FaultKind.MISPLACED, what=f"`{name}`", reason=reason, line=line, nearest=name)
    inner = reading.section(node, what, rules.SERVICE)
    return Part(reading=reading, name=name, table=Table(line=line, nodes=inner.nodes, lines=inner.lines))


def _with_image(part: Part, services: Mapping[str, Service], profiles: tuple[str, ...]) -> Service:
    """The service, with its image as the exercise names it, or the build of the service that makes that image."""
    service = services[part.name]
    if service.build is not None:
        return service
    for other in services.values():
        if other.build is not None and other.image and builds.canonical(other.image) == builds.canonical(service.image):
            return replace(service, build=other.build)
    try:
        return replace(
            service, image=builds.known_image(part["image"], part.what("image"), service.image, part.reading.bases)
        )
    except ComposeFault:
        if started(service, profiles):
            raise
        return service
