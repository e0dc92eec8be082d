"""Reads YAML that a stranger wrote: bounded in bytes, levels and nodes, strict about keys, lines kept.

Aliases are the same node again, so following them costs nothing; what they would come to is counted as they are met.
"""

import re
from collections.abc import Iterator

import yaml

from grader.compose.grammar import explained
from grader.compose.model import ComposeFault, FaultKind
from grader.compose.nodes import NULLS, Empty, Items, Node, Table, Text, spoken

BYTES = 64_000
DEPTH = 20
NODES = 5_000  # with aliases followed
MERGE = "<<"
NO_TEXT = re.compile("[\0\ud800-\udfff]")  # an escape in quotes can make them; no program could be given them
TEXT_TAGS = frozenset({"!", "tag:yaml.org,2002:str"})


def parse(content: bytes) -> Table:
    """Read a whole document.

    :raises ComposeFault: it is no YAML, no mapping, too large, or holds what Compose files do not
    """
    text = _decoded(content)
    try:
        node = _Composer(yaml.parse(text, Loader=_Loader)).document()
    except yaml.MarkedYAMLError as error:
        raise explained(error, text) from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise _fault(FaultKind.SYNTAX, line, "the file", "a character that no text has: type the line anew") from error
    except (RecursionError, ValueError) as error:  # thousands of brackets, a number with thousands of digits
        raise _fault(FaultKind.TOO_LARGE, 0, "the file", "nested deeper than can be read") from error
    if isinstance(node, Empty):
        raise _fault(FaultKind.NO_SERVICE, 1, "the file", "it is empty: name your services under `services:`")
    if not isinstance(node, Table):
        raise _fault(FaultKind.TYPE, 1, "the file", f"it is {spoken(node)}: it begins with `services:`")
    return node


class _Loader(yaml.SafeLoader):
    """The reader; like Compose's own, it takes a tab between two words of a line, and none to indent with."""

    def scan_to_next_token(self) -> None:
        super().scan_to_next_token()
        while self.peek() == "\t" and (self.flow_level or self._inside_a_line()):
            self.forward()
            super().scan_to_next_token()

    def _inside_a_line(self) -> bool:
        before = self.buffer[self.pointer - self.column : self.pointer].rstrip()
        return bool(before) and not before.endswith("-")


class _Composer:
    """Makes nodes of the parser's events, and counts as it goes."""

    def __init__(self, events: Iterator[yaml.Event]) -> None:
        self._events = events
        self._anchors: dict[str, Node | None] = {}  # None: it is still open

    def document(self) -> Node:
        node: Node | None = None
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                if node is not None:
                    reason = "a second document: put everything in one, without `---` between"
                    raise _fault(FaultKind.TYPE, _line(event), "the file", reason)
                node = self._node(next(self._events), DEPTH)
        return Empty(line=1) if node is None else node

    def _node(self, event: yaml.Event, levels: int) -> Node:
        line = _line(event)
        if isinstance(event, yaml.AliasEvent):
            return self._alias(str(event.anchor), line)
        if levels == 0:
            raise _fault(FaultKind.TOO_LARGE, line, "the file", f"nested deeper than {DEPTH} levels")
        assert isinstance(event, yaml.NodeEvent)  # noqa: S101 -- for mypy: nothing else begins a node
        if event.anchor:
            self._anchors[event.anchor] = None
        node: Node
        if isinstance(event, yaml.ScalarEvent):
            node = _scalar(event, line)
        elif isinstance(event, yaml.SequenceStartEvent):
            _untagged(event.tag, line)
            node = self._items(line, levels)
        else:
            _untagged(getattr(event, "tag", None), line)
            node = self._table(line, levels)
        if node.size > NODES or node.depth > levels:
            reason = f"more than {NODES} values or {DEPTH} levels with its aliases followed"
            raise _fault(FaultKind.TOO_LARGE, line, "the file", reason)
        if event.anchor:
            self._anchors[event.anchor] = node
        return node

    def _alias(self, name: str, line: int) -> Node:
        if name not in self._anchors:
            raise _fault(FaultKind.SYNTAX, line, f"`*{name}`", f"no anchor `&{name}` stands above it")
        node = self._anchors[name]
        if node is None:
            raise _fault(FaultKind.SYNTAX, line, f"`*{name}`", "it stands inside its own anchor")
        return node

    def _until(self, end: type[yaml.Event]) -> Iterator[yaml.Event]:
        while not isinstance(event := next(self._events), end):
            yield event

    def _items(self, line: int, levels: int) -> Items:
        nodes, size = [], 1
        for event in self._until(yaml.SequenceEndEvent):
            nodes.append(self._node(event, levels - 1))
            size = _counted(size + nodes[-1].size, line)
        return Items(line=line, nodes=tuple(nodes), size=size, depth=1 + max((node.depth for node in nodes), default=0))

    def _table(self, line: int, levels: int) -> Table:
        own: dict[str, Node] = {}
        lines: dict[str, int] = {}
        merged: list[Table] = []
        size, depth = 1, 0
        for event in self._until(yaml.MappingEndEvent):
            key = self._node(event, levels - 1)
            node = self._node(next(self._events), levels - 1)
            size, depth = _counted(size + node.size, line), max(depth, node.depth)
            if isinstance(key, Text) and key.text == MERGE and not key.quoted:
                merged += _merged(node)
                continue
            name = _key(key)
            if name in lines:
                reason = f"the key stands twice, first in line {lines[name]}: keep one of the two"
                raise _fault(FaultKind.DUPLICATE, key.line, f"`{name}`", reason)
            own[name], lines[name] = node, key.line
        # What the table says itself wins over what it merges, and of that the first over the later.
        for table in merged:
            own = {**table.nodes, **own}
            lines = {**table.lines, **lines}
        return Table(line=line, nodes=own, lines=lines, size=size, depth=depth + 1)


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _scalar(event: yaml.ScalarEvent, line: int) -> Node:
    plain = bool(event.implicit[0])
    if event.tag is not None and event.tag not in TEXT_TAGS:
        _untagged(event.tag, line)
    if NO_TEXT.search(event.value):
        raise _fault(FaultKind.SYNTAX, line, "a text", "it holds a character that no text has: write it anew")
    quoted = not plain or event.tag is not None
    return Empty(line=line) if not quoted and event.value in NULLS else Text(line=line, text=event.value, quoted=quoted)


def _untagged(tag: str | None, line: int) -> None:
    if tag is not None:
        name = tag.replace("tag:yaml.org,2002:", "!!")
        raise _fault(FaultKind.TAG, line, f"`{name}`", "the grader reads no YAML tags: write the value without it")


def _key(node: Node) -> str:
    if not isinstance(node, Text):
        reason = f"{spoken(node)} stands before the `:`, where a key is wanted"
        raise _fault(FaultKind.TYPE, node.line, "a key", reason)
    return node.text


def _merged(node: Node) -> list[Table]:
    tables = list(node.nodes) if isinstance(node, Items) else [node]
    for table in tables:
        if not isinstance(table, Table):
            raise _fault(FaultKind.TYPE, table.line, f"`{MERGE}`", f"it merges a mapping, and this is {spoken(table)}")
    return [table for table in tables if isinstance(table, Table)]


def _counted(size: int, line: int) -> int:
    if size > NODES:
        raise _fault(FaultKind.TOO_LARGE, line, "the file", f"more than {NODES} values with its aliases followed")
    return size


def _decoded(content: bytes) -> str:
    if len(content) > BYTES:
        raise _fault(FaultKind.TOO_LARGE, 0, "the file", f"larger than {BYTES // 1000} kB")
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _fault(FaultKind.ENCODING, line, "the file", "not UTF-8: save it as UTF-8") from error


def _fault(kind: FaultKind, line: int, what: str, reason: str) -> ComposeFault:
    return ComposeFault(kind=kind, what=what, reason=reason, line=line)
