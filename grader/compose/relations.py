"""What services say of each other: what they wait for, their links, the networks they share."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from grader.compose import fields, rules
from grader.compose.model import ComposeFault, FaultKind, Service, started
from grader.compose.nodes import Node, Table, wrong
from grader.compose.reading import Part, undefined

CONDITIONS = ("service_started", "service_healthy", "service_completed_successfully")
HOST = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9._-]{0,62}")
DEFAULT = "default"  # the network of a service that names none


@dataclass(frozen=True, kw_only=True)
class Need:
    """That one service waits for another."""

    condition: str
    node: Node
    what: str
    required: bool = True
    alias: str = ""  # by a link: one more name of the other service


def read_networks(part: Part, declared: Mapping[str, Node]) -> dict[str, tuple[str, ...]]:
    """The networks that a service joins, and the aliases that it has there.

    :raises ComposeFault: one of them is not declared
    """
    what = part.what("networks")
    if "networks" not in part:
        return {DEFAULT: ()}
    node = part["networks"]
    names = (
        node.nodes if isinstance(node, Table) else {fields.text(each, what): each for each in fields.items(node, what)}
    )
    found: dict[str, tuple[str, ...]] = {}
    for name, each in names.items():
        if name not in declared and name != DEFAULT:
            step = "declare it under `networks:` at the left margin"
            raise undefined(each, what, "network", name, declared, step)
        found[name] = _aliases(part, each, f"{what}: {name}") if isinstance(each, Table) else ()
    return found or {DEFAULT: ()}


def read_needs(part: Part) -> dict[str, Need]:
    """What a service waits for, under `depends_on` and by its links.

    :raises ComposeFault: it is written wrong
    """
    found: dict[str, Need] = {}
    if "links" in part:
        what = part.what("links")
        for each in fields.items(part["links"], what):
            name, _, alias = fields.text(each, what).partition(":")
            _host(each, what, alias or name)
            found[name] = Need(condition=CONDITIONS[0], node=each, what=what, alias=alias)
    if "depends_on" not in part:
        return found
    node, what = part["depends_on"], part.what("depends_on")
    if isinstance(node, Table):
        for name, each in node.nodes.items():
            nodes = part.reading.section(each, f"{what}: {name}", rules.DEPENDENCY).nodes
            if "condition" not in nodes:
                raise fields.required(each, f"{what}: {name}: `condition`")
            condition = fields.one_of(nodes["condition"], f"{what}: {name}: `condition`", CONDITIONS)
            required = "required" not in nodes or fields.boolean(nodes["required"], f"{what}: {name}: `required`")
            alias = found[name].alias if name in found else ""
            found[name] = Need(condition=condition, node=each, what=what, required=required, alias=alias)
        return found
    for each in fields.items(node, what):
        name = fields.text(each, what)
        found[name] = Need(
            condition=CONDITIONS[0], node=each, what=what, alias=found[name].alias if name in found else ""
        )
    return found


def related(
    services: Mapping[str, Service], needs: Mapping[str, Mapping[str, Need]], profiles: tuple[str, ...]
) -> dict[str, Service]:
    """The services with what they wait for, and with the names that links give them.

    :raises ComposeFault: one waits for a service that is not there or not started, or for itself in the end
    """
    aliases: dict[str, list[str]] = {name: [] for name in services}
    depends: dict[str, dict[str, str]] = {}
    for name, service in services.items():
        depends[name] = {}
        for other, need in needs.get(name, {}).items():
            if other not in services:
                if not started(service, profiles):
                    continue
                raise undefined(need.node, need.what, "service", other, services)
            if need.alias:
                aliases[other].append(need.alias)
            if started(services[other], profiles) or not started(service, profiles):
                depends[name][other] = need.condition
            elif need.required:
                raise _not_started(services[other], need)
    for name in depends:
        _acyclic(name, depends, needs)
    return {
        name: replace(
            service, depends_on=depends[name], aliases=tuple(dict.fromkeys((*service.aliases, *aliases[name])))
        )
        for name, service in services.items()
    }


def _aliases(part: Part, node: Node, what: str) -> tuple[str, ...]:
    nodes = part.reading.section(node, what, rules.ATTACHMENT).nodes
    aliases = fields.texts(nodes["aliases"], f"{what}: `aliases`") if "aliases" in nodes else ()
    for alias in aliases:
        _host(nodes["aliases"], what, alias)
    return aliases


def _host(node: Node, what: str, name: str) -> None:
    if not HOST.fullmatch(name):
        raise wrong(node, what, f"`{name}` is no name of a machine: it has letters, digits, `.`, `_` and `-`")


def _not_started(other: Service, need: Need) -> ComposeFault:
    reason = (
        f"`{other.name}` is in the profile {', '.join(other.profiles)}, and `docker compose up` starts none:"
        " take its `profiles` away"
    )
    return wrong(need.node, need.what, reason, kind=FaultKind.PROFILE)


def _acyclic(start: str, depends: Mapping[str, Mapping[str, str]], needs: Mapping[str, Mapping[str, Need]]) -> None:
    """Follow what a service waits for, and what that waits for, until nothing new comes or `start` itself does."""
    came: dict[str, str] = {}
    ahead = [start]
    while ahead:
        name = ahead.pop()
        for other in depends[name]:
            if other == start:
                round_trip = [start]
                while name != start:
                    round_trip.insert(1, name)
                    name = came[name]
                need = needs[start][[*round_trip, start][1]]
                reason = f"{' -> '.join([*round_trip, start])}: each waits for the next, and none is ever started"
                raise wrong(need.node, need.what, reason, kind=FaultKind.CYCLE)
            if other not in came:
                came[other] = name
                ahead.append(other)
