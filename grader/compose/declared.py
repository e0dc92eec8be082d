"""Reads what a Compose file declares beside its services: volumes, networks, secrets and configs."""

from collections.abc import Mapping
from dataclasses import dataclass

from grader.compose import fields, paths, rules
from grader.compose.model import FaultKind, Mount
from grader.compose.nodes import Empty, Node, Table, wrong
from grader.compose.reading import Reading, named
from grader.spec import nearest


@dataclass(frozen=True, kw_only=True)
class Declared:
    """The names that services may use, each with what it stands for."""

    volumes: Mapping[str, Node]
    networks: Mapping[str, Node]
    secrets: Mapping[str, Mount]  # each lacks its place
    configs: Mapping[str, Mount]


def read_declared(reading: Reading, table: Table) -> Declared:
    """Everything that the whole file's mapping declares.

    :raises ComposeFault: one of them is refused, or not there
    """
    return Declared(
        volumes=_named(reading, table, "volumes", rules.VOLUME),
        networks=_named(reading, table, "networks", rules.NETWORK_SECTION),
        secrets=_contents(reading, table, "secrets"),
        configs=_contents(reading, table, "configs"),
    )


def _named(reading: Reading, table: Table, key: str, level: rules.Level) -> Mapping[str, Node]:
    if key not in table.nodes:
        return {}
    entries = fields.table(table.nodes[key], f"`{key}`")
    for name, node in entries.nodes.items():
        what = f"{level.noun.removeprefix('a ')} '{name}'"
        named(entries, what, name)
        if not isinstance(node, Empty):
            reading.section(node, what, level)
    return entries.nodes


def _contents(reading: Reading, table: Table, key: str) -> dict[str, Mount]:
    """What `secrets` or `configs` declares, each as a mount that lacks its place."""
    found = {}
    for name, node in (fields.table(table.nodes[key], f"`{key}`").nodes if key in table.nodes else {}).items():
        what = f"{key.removesuffix('s')} '{name}'"
        nodes = reading.section(node, what, rules.SECRET).nodes
        if len(nodes) != 1:
            raise wrong(node, what, "it needs one of `file`, `environment` and `content`")
        found[name] = _content(reading, what, *next(iter(nodes.items())))
    return found


def _content(reading: Reading, what: str, key: str, node: Node) -> Mount:
    word = fields.text(node, f"{what}: `{key}`")
    if key == "content":
        return Mount(kind="bind", target="", content=word)
    if key == "environment":
        if word not in reading.variables:
            raise wrong(node, what, f"`.env` does not set {word}", kind=FaultKind.UNSET)
        return Mount(kind="bind", target="", content=reading.variables[word])
    path = paths.inside(reading.folder, node, what, word)
    if not paths.is_file(reading.folder, path):
        guess = nearest(path, paths.beside(reading.folder, path))
        hint = f"did you mean `./{guess}`?" if guess else "hand it in"
        raise wrong(node, what, f"`{word}` was not handed in: {hint}", kind=FaultKind.MISSING, nearest=guess)
    return Mount(kind="bind", target="", source=path)
