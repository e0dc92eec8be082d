"""The nodes of a YAML document: text stays text, each knows its line, and none can be changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from grader.compose.model import ComposeFault, FaultKind

NULLS = frozenset({"", "~", "null", "Null", "NULL"})


@dataclass(frozen=True, kw_only=True)
class Text:
    """A scalar, as it is written."""

    line: int
    text: str
    quoted: bool = False  # in quotes or a block: a number or a boolean in it is text
    size: int = 1
    depth: int = 1


@dataclass(frozen=True, kw_only=True)
class Empty:
    """Nothing: an empty value, `~` or `null`."""

    line: int
    size: int = 1
    depth: int = 1


@dataclass(frozen=True, kw_only=True)
class Items:
    """A list."""

    line: int
    nodes: tuple["Node", ...] = ()
    size: int = 1  # nodes in it, with aliases followed
    depth: int = 1


@dataclass(frozen=True, kw_only=True)
class Table:
    """A mapping; `lines` are those of its keys."""

    line: int
    nodes: Mapping[str, "Node"] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)
    size: int = 1
    depth: int = 1


Node = Text | Empty | Items | Table


def spoken(node: Node) -> str:
    """What a node is, in words for the person who wrote it."""
    match node:
        case Text():
            return "a text" if node.quoted or len(node.text) > 40 else f"`{node.text}`"
        case Empty():
            return "nothing"
        case Items():
            return "a list"
        case Table():
            return "a mapping"


def wrong(node: Node, what: str, reason: str, *, kind: FaultKind = FaultKind.TYPE, nearest: str = "") -> ComposeFault:
    """The fault for a node of the wrong form."""
    return ComposeFault(kind=kind, what=what, reason=reason, line=node.line, nearest=nearest)
