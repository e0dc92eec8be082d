"""What one reading of a Compose file knows all along, and how it looks at the keys of a mapping."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from grader.compose import fields, rules
from grader.compose.model import ComposeFault, FaultKind, one_line
from grader.compose.nodes import Empty, Items, Node, Table, Text, wrong
from grader.spec import nearest


@dataclass(frozen=True, kw_only=True)
class Reading:
    """The submission that a file is read in, and what has been noted on the way."""

    folder: Path
    variables: Mapping[str, str]
    bases: tuple[str, ...]
    notes: dict[str, None] = field(default_factory=dict)  # in the order of noting, each once

    def note(self, text: str) -> None:
        """Keep a remark for the report."""
        self.notes[one_line(text)] = None

    def values(self, node: Node, what: str) -> dict[str, str]:
        """`KEY: value` or `KEY=value`; a key alone takes its value from `.env`, or is left out.

        :raises ComposeFault: it is neither
        """
        found: dict[str, str] = {}
        for name, value in fields.pairs(node, what).items():
            given = self.variables.get(name) if value is None else value
            if given is None:
                self.note(f"{what}: {name} has no value, and `.env` sets none: the container does not get it")
            else:
                found[name] = given
        return found

    def section(self, node: Node, what: str, level: rules.Level) -> Table:
        """A mapping whose keys are those of its level.

        :raises ComposeFault: it is none, or has a key that is refused or that nobody knows
        """
        table = fields.table(node, what)
        kept: dict[str, Node] = {}
        for key, value in table.nodes.items():
            line = table.lines[key]
            if key in level.read:
                kept[key] = value
            elif key in level.idle:
                self.note(f"`{key}` has no effect when graded")
            elif reason := level.refused.get(key):
                if not _harmless(key, value):
                    raise ComposeFault(
                        kind=FaultKind.REFUSED,
                        what=f"{what}: `{key}`" if what else f"`{key}`",
                        reason=reason,
                        line=line,
                    )
            elif not key.startswith("x-"):
                raise _unknown(key, line, what, level)
        return Table(line=table.line, nodes=kept, lines={key: table.lines[key] for key in kept})


@dataclass(frozen=True, kw_only=True)
class Part:
    """One service's mapping, with its keys checked, and its values not yet."""

    reading: Reading
    name: str
    table: Table

    def __contains__(self, key: str) -> bool:
        return key in self.table.nodes

    def __getitem__(self, key: str) -> Node:
        return self.table.nodes[key]

    def what(self, key: str) -> str:
        """How a message names one of the keys."""
        return f"service '{self.name}': `{key}`"

    def text(self, key: str) -> str:
        """The key's text, or nothing where the key is not there."""
        return fields.text(self[key], self.what(key)) if key in self else ""

    def boolean(self, key: str) -> bool:
        """The key's boolean, or False where the key is not there."""
        return key in self and fields.boolean(self[key], self.what(key))

    def matching(self, key: str, pattern: re.Pattern[str], reason: str) -> str:
        """The key's text, which must match as a whole, or nothing where the key is not there."""
        word = self.text(key)
        if key in self and not pattern.fullmatch(word):
            raise wrong(self[key], self.what(key), f"`{word}` is {reason}")
        return word


def named(table: Table, what: str, name: str) -> str:
    """A name that is used as a key, checked for what Compose takes.

    :raises ComposeFault: it is none
    """
    if not re.fullmatch(r"[a-zA-Z0-9._-]{1,60}", name):
        reason = "a name has letters, digits, `.`, `_` and `-`, and 60 of them at most"
        raise ComposeFault(kind=FaultKind.TYPE, what=what, reason=reason, line=table.lines[name])
    return name


def undefined(
    node: Node, what: str, noun: str, name: str, known: Iterable[str], step: str = "see how it is spelled"
) -> ComposeFault:
    """The fault for a name that nothing in the file bears."""
    guess = nearest(name, known)
    hint = f"did you mean `{guess}`?" if guess else step
    return wrong(node, what, f"there is no {noun} `{name}`: {hint}", kind=FaultKind.UNDEFINED, nearest=guess)


def _harmless(key: str, value: Node) -> bool:
    """Whether a refused key asks for nothing: no, none, or what every container has."""
    match value:
        case Empty():
            return True
        case Text():
            return value.text.lower() in fields.NO | {""} or value.text in rules.HARMLESS.get(key, ())
        case Items():
            return all(isinstance(each, Text) and each.text in rules.HARMLESS.get(key, ()) for each in value.nodes)
        case Table():
            return not value.nodes


def _unknown(key: str, line: int, what: str, level: rules.Level) -> ComposeFault:
    def fault(kind: FaultKind, reason: str, guess: str) -> ComposeFault:
        thing = f"{what}: `{key}`" if what else f"`{key}`"
        return ComposeFault(kind=kind, what=thing, reason=reason, line=line, nearest=guess)

    # A slip of a known key is likelier than the right word of another place.
    guess = nearest(key, level.known, cutoff=0.8)
    home = next((place for place in rules.PLACES if place is not level and key in place.known), None)
    if home and not guess:
        return fault(
            FaultKind.MISPLACED, f"it belongs to {home.noun}, not to {level.noun}: see how it is indented", key
        )
    guess = guess or nearest(key, level.known, cutoff=0.6)
    hint = f"did you mean `{guess}`?" if guess else "take it away, or see how it is spelled and indented"
    return fault(FaultKind.UNKNOWN_KEY, f"{level.noun} has no such key: {hint}", guess)
