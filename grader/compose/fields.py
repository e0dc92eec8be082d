"""Reads single values from nodes: text, numbers, times, lists; a wrong form is a fault with its line."""

import re
from collections.abc import Iterable

from grader.compose.model import ComposeFault, FaultKind
from grader.compose.nodes import Empty, Items, Node, Table, Text, spoken, wrong
from grader.compose.numbers import DIGITS, as_written

# Words that YAML 1.1 knew and Compose still takes.
YES = frozenset({"true", "yes", "y", "on"})
NO = frozenset({"false", "no", "n", "off"})
UNITS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
DURATION = re.compile(r"(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|ms|s|m|h)")
NO_BLANK = re.compile(r"\w+:\S")  # `image:redis`
LONGEST = 7 * 24 * 3600  # seconds


def text(node: Node, what: str) -> str:
    """A text; a bare number or boolean is none.

    :raises ComposeFault: it is something else
    """
    if not isinstance(node, Text):
        raise wrong(node, what, f"it is {spoken(node)}, and must be text")
    if not node.quoted and as_written(node.text) is not None:
        raise wrong(node, what, f"`{node.text}` is a number or a boolean here: put it in quotes")
    return node.text


def number_or_text(node: Node, what: str) -> str:
    """A text or a number, as Compose writes it: `0x1F` becomes 31, and 010 becomes 8.

    :raises ComposeFault: it is something else
    """
    if not isinstance(node, Text):
        raise wrong(node, what, f"it is {spoken(node)}, and must be text or a number")
    return node.text if node.quoted else as_written(node.text) or node.text


def boolean(node: Node, what: str) -> bool:
    """A boolean.

    :raises ComposeFault: it is something else
    """
    word = node.text.lower() if isinstance(node, Text) else ""
    if word not in YES | NO:
        raise wrong(node, what, f"it is {spoken(node)}, and must be true or false")
    return word in YES


def integer(node: Node, what: str, *, low: int, high: int) -> int:
    """A whole number between two others.

    :raises ComposeFault: it is something else
    """
    word = number_or_text(node, what)
    if not re.fullmatch(r"\d{1,9}", word) or not low <= int(word) <= high:
        raise wrong(node, what, f"{spoken(node)} must be a whole number from {low} to {high}")
    return int(word)


def seconds(node: Node, what: str) -> float:
    """A time such as 1m30s, in seconds.

    :raises ComposeFault: it is no time
    """
    word = text(node, what).strip() if isinstance(node, Text) and node.quoted else number_or_text(node, what)
    pieces = DURATION.findall(word)
    if word == "0":
        return 0.0
    if not pieces or "".join(pieces) != word or len(word) > DIGITS:
        hint = f"write `{word}s`" if re.fullmatch(r"\d{1,9}", word) else "write 30s, 500ms or 1m30s"
        raise wrong(node, what, f"{spoken(node)} is no time: {hint}")
    total = sum(float(number) * UNITS[unit] for number, unit in (_parted(piece) for piece in pieces))
    if not total <= LONGEST:
        raise wrong(node, what, "more than a week")
    return total


def items(node: Node, what: str) -> tuple[Node, ...]:
    """The nodes of a list.

    :raises ComposeFault: it is no list
    """
    if isinstance(node, Items):
        return node.nodes
    hint = "take the key away, or put something under it" if isinstance(node, Empty) else "put `- ` before each item"
    raise wrong(node, what, f"it is {spoken(node)}, and must be a list: {hint}")


def texts(node: Node, what: str) -> tuple[str, ...]:
    """A list of texts.

    :raises ComposeFault: it is something else
    """
    return tuple(text(each, what) for each in items(node, what))


def text_or_texts(node: Node, what: str) -> tuple[str, ...]:
    """One text or a list of them.

    :raises ComposeFault: it is something else
    """
    return (text(node, what),) if isinstance(node, Text) else texts(node, what)


def table(node: Node, what: str) -> Table:
    """A mapping.

    :raises ComposeFault: it is none
    """
    if isinstance(node, Table):
        return node
    hint = "indent what belongs to it, or take the key away"
    if isinstance(node, Text):
        hint = "put a blank after the `:`" if NO_BLANK.match(node.text) else "write `key: value` under it"
    raise wrong(node, what, f"it is {spoken(node)}, and must be a mapping: {hint}")


def pairs(node: Node, what: str) -> dict[str, str | None]:
    """`KEY: value` or a list of `KEY=value`, with None where no value is given.

    :raises ComposeFault: it is neither
    """
    if isinstance(node, Items):
        return dict(_pair(each, what) for each in node.nodes)
    return {
        _named(name, each, what): None if isinstance(each, Empty) else number_or_text(each, f"{what}: {name}")
        for name, each in table(node, what).nodes.items()
    }


def one_of(node: Node, what: str, known: Iterable[str]) -> str:
    """One of a few words.

    :raises ComposeFault: it is none of them
    """
    from grader.spec import nearest

    words = sorted(known)
    word = text(node, what)
    if word in words:
        return word
    guess = nearest(word, words)
    reason = f"{spoken(node)} is not one of {', '.join(words)}" + (f": did you mean `{guess}`?" if guess else "")
    raise wrong(node, what, reason, nearest=guess)


def required(node: Node, what: str) -> ComposeFault:
    """The fault for a key that must be there and is not."""
    return wrong(node, what, "it is missing", kind=FaultKind.MISSING)


def _pair(node: Node, what: str) -> tuple[str, str | None]:
    if isinstance(node, Table) and len(node.nodes) == 1:
        name = next(iter(node.nodes))
        raise wrong(node, what, f"`- {name}: ...` mixes a list with a mapping: write `- {name}=...`")
    name, equals, value = text(node, what).partition("=")
    return _named(name, node, what), value if equals else None


def _named(name: str, node: Node, what: str) -> str:
    if not name or "\0" in name:
        raise wrong(node, what, "a value without a name before it")
    return name


def _parted(piece: str) -> tuple[str, str]:
    number = piece.rstrip("nµumsh")
    return number, piece[len(number) :]
