"""Reads `ports` and `expose`: what a student means to publish, never published as such."""

import ipaddress
import re

from grader.compose import fields, rules
from grader.compose.model import ComposeFault, Port
from grader.compose.nodes import Node, Table, wrong
from grader.compose.reading import Reading

MOST = 100  # ports of one service
LAST = 65_535
RANGE = re.compile(r"(\d{1,5})(?:-(\d{1,5}))?")
SHORT = re.compile(
    r"(?:(?P<host>\[[^\]]*\]|[^:\[\]]*):)?(?:(?P<published>[^:]*):)?(?P<target>[^:/]*)(?:/(?P<protocol>.*))?"
)
PROTOCOLS = ("tcp", "udp", "sctp")
FORM = 'write "8000:80": the port on your machine, then the port in the container'


def read_ports(reading: Reading, node: Node, what: str) -> tuple[Port, ...]:
    """The ports of a service, ranges taken apart, each once.

    :raises ComposeFault: one of them is none
    """
    found: dict[Port, None] = {}
    for each in fields.items(node, what):
        ports = [_long(reading, each, what)] if isinstance(each, Table) else _short(each, what)
        found |= dict.fromkeys(ports)
        if len(found) > MOST:
            raise wrong(each, what, f"more than {MOST} ports")
    return tuple(found)


def read_expose(node: Node, what: str) -> tuple[str, ...]:
    """The ports under `expose`, as they are written.

    :raises ComposeFault: one of them is none
    """
    found = tuple(fields.number_or_text(each, what) for each in fields.items(node, what))
    for port, each in zip(found, fields.items(node, what), strict=True):
        _range(port.partition("/")[0], each, what, port)
    return tuple(dict.fromkeys(found))


def _short(node: Node, what: str) -> list[Port]:
    word = fields.number_or_text(node, what)
    found = SHORT.fullmatch(word)
    if not found or not found["target"]:
        raise wrong(node, what, f"`{word}` is no port: {FORM}")
    host, published = (found["host"], found["published"]) if found["published"] is not None else ("", found["host"])
    targets = _range(found["target"], node, what, word)
    protocol = _protocol(found["protocol"] or "tcp", node, what)
    address = _address((host or "").strip("[]"), node, what)
    common = {"host_ip": address, "protocol": protocol}
    if not published:
        return [Port(target=target, **common) for target in targets]
    outside = _range(published, node, what, word, low=0)
    if len(outside) == len(targets):
        return [Port(target=to, published=str(at), **common) for to, at in zip(targets, outside, strict=True)]
    if len(targets) > 1:
        raise wrong(node, what, f"`{word}`: the two ranges are not of one length")
    return [Port(target=targets[0], published=published, **common)]


def _long(reading: Reading, node: Table, what: str) -> Port:
    nodes = reading.section(node, what, rules.PORT).nodes
    if "target" not in nodes:
        raise fields.required(node, f"{what}: `target`")
    published = fields.number_or_text(nodes["published"], f"{what}: `published`") if "published" in nodes else ""
    if published:
        _range(published, nodes["published"], what, published, low=0)
    return Port(
        target=fields.integer(nodes["target"], f"{what}: `target`", low=1, high=LAST),
        published=published,
        host_ip=_address(fields.text(nodes["host_ip"], what), nodes["host_ip"], what) if "host_ip" in nodes else "",
        protocol=_protocol(fields.text(nodes["protocol"], what) if "protocol" in nodes else "tcp", node, what),
    )


def _range(word: str, node: Node, what: str, whole: str, low: int = 1) -> range:
    found = RANGE.fullmatch(word)
    first, last = (int(found[1]), int(found[2] or found[1])) if found else (1, 0)
    if not low <= first <= last <= LAST:
        raise wrong(node, what, f"`{whole}` is no port: {FORM}")
    if last - first >= MOST:
        raise wrong(node, what, f"`{whole}` is more than {MOST} ports")
    return range(first, last + 1)


def _protocol(word: str, node: Node, what: str) -> str:
    if word.lower() not in PROTOCOLS:
        raise wrong(node, what, f"`{word}` is none of the protocols {', '.join(PROTOCOLS)}")
    return word.lower()


def _address(word: str, node: Node, what: str) -> str:
    if not word:
        return ""
    try:
        return str(ipaddress.ip_address(word))
    except ValueError as error:
        raise _no_address(word, node, what) from error


def _no_address(word: str, node: Node, what: str) -> ComposeFault:
    return wrong(node, what, f"`{word}` is no address: before the two ports stands one such as 127.0.0.1, or nothing")
