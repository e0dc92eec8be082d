"""Reads `volumes`, `tmpfs`, `secrets` and `configs` of a service: everything that is mounted into its container."""

import posixpath
import re
from collections.abc import Mapping

from grader.compose import fields, paths, rules
from grader.compose.model import FaultKind, Mount
from grader.compose.nodes import Node, Table, wrong
from grader.compose.reading import Reading, undefined
from grader.spec import nearest

MOST = 20  # mounts of one service
ON_DISK = re.compile(r"[./~\\]|[A-Za-z]:[\\/]")  # how a path begins, where a volume's name does not
KINDS = ("bind", "volume", "tmpfs")


def read_volumes(reading: Reading, node: Node, what: str, volumes: Mapping[str, Node]) -> tuple[Mount, ...]:
    """What is under `volumes` of a service; `volumes` are those that the file declares.

    :raises ComposeFault: one of them is refused, or not there
    """
    nodes = fields.items(node, what)
    if len(nodes) > MOST:
        raise wrong(node, what, f"more than {MOST} entries")
    mounts = [
        _long(reading, each, what, volumes) if isinstance(each, Table) else _short(reading, each, what, volumes)
        for each in nodes
    ]
    # Of two mounts at one place, Compose takes the later.
    at = {mount.target: mount for mount in mounts}
    if len(at) < len(mounts):
        reading.note(f"{what}: two mounts are at one place, and Compose takes the later")
    return tuple(at.values())


def read_tmpfs(node: Node, what: str) -> tuple[str, ...]:
    """The places under `tmpfs`, without their options: the grader gives all of them one size.

    :raises ComposeFault: one of them is no place
    """
    words = fields.text_or_texts(node, what)
    if len(words) > MOST:
        raise wrong(node, what, f"more than {MOST} entries")
    return tuple(_target(word.partition(":")[0], node, what) for word in words)


def read_grants(
    reading: Reading, node: Node, what: str, declared: Mapping[str, Mount], folder: str, noun: str
) -> tuple[Mount, ...]:
    """The secrets or configs of a service, each as the mount of one file; `folder` is where they lie by default.

    :raises ComposeFault: one of them is not declared
    """
    found = []
    for each in fields.items(node, what):
        nodes = reading.section(each, what, rules.GRANT).nodes if isinstance(each, Table) else {"source": each}
        if "source" not in nodes:
            raise fields.required(each, f"{what}: `source`")
        name = fields.text(nodes["source"], what)
        if name not in declared:
            raise undefined(each, what, noun, name, declared)
        place = fields.text(nodes["target"], f"{what}: `target`") if "target" in nodes else name
        target = _target(posixpath.join(folder, place), each, what)
        mount = declared[name]
        found.append(Mount(kind="bind", source=mount.source, target=target, read_only=True, content=mount.content))
    return tuple(found)


def _short(reading: Reading, node: Node, what: str, volumes: Mapping[str, Node]) -> Mount:
    word = fields.text(node, what)
    drive = re.match(r"[A-Za-z]:(?=[\\/])", word)
    start = drive[0] if drive else ""
    source, *rest = word[len(start) :].split(":")
    if "" in (source, *rest[:1]) and word != source:
        raise wrong(node, what, f"`{word}` has nothing on one side of a `:`: is a variable empty?")
    if not rest:
        if not source.startswith("/"):
            raise wrong(node, what, f"`{word}` names no place in the container: write `{word}:/path`")
        return Mount(kind="anonymous", target=_target(source, node, what))
    read_only = any("ro" in mode.split(",") for mode in rest[1:])
    target = _target(rest[0], node, what)
    if ON_DISK.match(start + source):
        return _bind(reading, node, what, start + source, target, read_only=read_only, makes=True)
    return _volume(node, what, source, target, read_only=read_only, volumes=volumes)


def _long(reading: Reading, node: Table, what: str, volumes: Mapping[str, Node]) -> Mount:
    nodes = reading.section(node, what, rules.MOUNT).nodes
    for key in ("type", "target"):
        if key not in nodes:
            raise fields.required(node, f"{what}: `{key}`")
    kind = fields.one_of(nodes["type"], f"{what}: `type`", KINDS)
    target = _target(fields.text(nodes["target"], f"{what}: `target`"), nodes["target"], what)
    read_only = fields.boolean(nodes["read_only"], f"{what}: `read_only`") if "read_only" in nodes else False
    source = fields.text(nodes["source"], f"{what}: `source`") if "source" in nodes else ""
    if kind == "tmpfs":
        return Mount(kind="tmpfs", target=target, read_only=read_only)
    if kind == "volume":
        if not source:
            return Mount(kind="anonymous", target=target, read_only=read_only)
        return _volume(nodes["source"], what, source, target, read_only=read_only, volumes=volumes)
    if not source:
        raise fields.required(node, f"{what}: `source`")
    options = reading.section(nodes["bind"], f"{what}: `bind`", rules.BIND).nodes if "bind" in nodes else {}
    makes = "create_host_path" in options and fields.boolean(options["create_host_path"], f"{what}: `create_host_path`")
    return _bind(reading, nodes["source"], what, source, target, read_only=read_only, makes=makes)


def _volume(node: Node, what: str, name: str, target: str, *, read_only: bool, volumes: Mapping[str, Node]) -> Mount:
    if name not in volumes:
        if "/" in name:
            raise wrong(node, what, f"`{name}` is no volume's name: write `./{name}` for a folder")
        raise undefined(node, what, "volume", name, volumes, "declare it under `volumes:` at the left margin")
    return Mount(kind="volume", source=name, target=target, read_only=read_only)


def _bind(reading: Reading, node: Node, what: str, source: str, target: str, *, read_only: bool, makes: bool) -> Mount:
    path = paths.inside(reading.folder, node, what, source)
    if paths.is_file(reading.folder, path) or paths.is_folder(reading.folder, path):
        return Mount(kind="bind", source=path, target=target, read_only=read_only)
    # Docker would make an empty folder there. For a name with an ending, that is never what was meant.
    if not makes or "." in posixpath.basename(path):
        guess = nearest(path, paths.beside(reading.folder, path))
        hint = f"did you mean `./{guess}`?" if guess else "hand it in"
        raise wrong(node, what, f"`{source}` was not handed in: {hint}", kind=FaultKind.MISSING, nearest=guess)
    reading.note(f"`{source}` was not handed in: Docker makes an empty folder there")
    return Mount(kind="bind", source=path, target=target, read_only=read_only, made=True)


def _target(path: str, node: Node, what: str) -> str:
    if not path.startswith("/") or "\0" in path or len(path) > paths.LIMIT:
        raise wrong(node, what, f"`{path}` is no place in the container: it begins with a /")
    whole = "/" + posixpath.normpath(path).strip("/")
    if whole == "/":
        raise wrong(node, what, "nothing can be mounted over the whole container")
    return whole
