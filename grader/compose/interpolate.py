"""Puts variables in place of `$NAME` and `${NAME:-default}`, as Compose does.

The variables are the submission's own; the grader's environment is never asked.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from grader.compose.model import ComposeFault, FaultKind
from grader.compose.nodes import Empty, Items, Node, Table, Text

LENGTH = 32_000  # characters of one value with its variables in place
TOTAL = 256_000  # of all of a file's values
NESTED = 20  # defaults inside defaults
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
OPERATOR = re.compile(r":?[-?+]")


class BadTemplate(Exception):
    """A text whose variables cannot be put in place; its message is the reason."""

    def __init__(self, reason: str, *, kind: FaultKind = FaultKind.INTERPOLATION, what: str = "") -> None:
        super().__init__(reason)
        self.kind = kind
        self.what = what


@dataclass(kw_only=True)
class Filling:
    """The variables, and the names of those that were asked for and are not set."""

    variables: Mapping[str, str]
    unset: dict[str, None] = field(default_factory=dict)  # in the order of asking, each once
    total: int = 0

    def text(self, template: str) -> str:
        """The text with its variables in place.

        :raises BadTemplate: it cannot be
        """
        if "$" not in template:
            return template
        return self._filled(template, NESTED)

    def _filled(self, template: str, levels: int) -> str:
        if levels == 0:
            raise BadTemplate(f"more than {NESTED} defaults inside defaults", kind=FaultKind.TOO_LARGE)
        pieces: list[str] = []
        at = 0
        while (sign := template.find("$", at)) >= 0:
            pieces.append(template[at:sign])
            piece, at = self._variable(template, sign, levels)
            pieces.append(piece)
            if sum(map(len, pieces[-2:])) + self.total > TOTAL or len(piece) > LENGTH:
                raise _too_long()
        filled = "".join([*pieces, template[at:]])
        self.total += len(filled)
        if len(filled) > LENGTH or self.total > TOTAL:
            raise _too_long()
        return filled

    def _variable(self, template: str, sign: int, levels: int) -> tuple[str, int]:
        """What stands for the `$` at `sign`, and where the text goes on."""
        after = sign + 1
        if template.startswith("$", after):
            return "$", after + 1
        if found := NAME.match(template, after):
            return self._plain(found[0]), found.end()
        if not template.startswith("{", after):
            return "$", after
        end = _closing(template, sign)
        inner = template[after + 1 : end]
        found = NAME.match(inner)
        if not found:
            raise BadTemplate(f"`${{{inner[:40]}}}` names no variable: write `$$` for a plain `$`")
        rest = inner[found.end() :]
        return (self._plain(found[0]) if not rest else self._operated(found[0], rest, levels)), end + 1

    def _plain(self, name: str) -> str:
        if name not in self.variables:
            self.unset[name] = None
        return self.variables.get(name, "")

    def _operated(self, name: str, rest: str, levels: int) -> str:
        operator = OPERATOR.match(rest)
        if not operator:
            raise BadTemplate(f"`${{{name}{rest[:40]}}}`: after the name comes `}}`, `:-`, `-`, `:?`, `?`, `:+` or `+`")
        # Compose fills in the other text even where it is not needed, and so finds what is required there.
        other = self._filled(rest[operator.end() :], levels - 1)
        value = self.variables.get(name)
        there = bool(value) if operator[0].startswith(":") else value is not None
        match operator[0][-1]:
            case "-":
                return (value or "") if there else other
            case "+":
                return other if there else ""
            case _ if there:
                return value or ""
        reason = f"the variable is required and has no value{f' ({other})' if other else ''}: set it in `.env`"
        raise BadTemplate(reason, kind=FaultKind.UNSET, what=name)


def fill(node: Node, filling: Filling) -> Node:
    """The same node with the variables in place in all of its texts; keys stay as they are.

    :raises ComposeFault: a text of it is no template, or grows too long
    """
    match node:
        case Text():
            try:
                text = filling.text(node.text)
            except BadTemplate as error:
                what = f"`${{{error.what}}}`" if error.what else "a variable"
                raise ComposeFault(kind=error.kind, what=what, reason=str(error), line=node.line) from error
            # A variable's value is text, whatever it looks like.
            return node if text == node.text else Text(line=node.line, text=text, quoted=True)
        case Items():
            return Items(line=node.line, nodes=tuple(fill(each, filling) for each in node.nodes))
        case Table():
            return Table(
                line=node.line, nodes={key: fill(each, filling) for key, each in node.nodes.items()}, lines=node.lines
            )
        case Empty():
            return node


def _closing(template: str, sign: int) -> int:
    """Where the brace is that closes the one after the `$` at `sign`."""
    opened = 0
    for found in re.finditer(r"\$\{|\}", template[sign:]):
        opened += 1 if found[0] == "${" else -1
        if opened == 0:
            return sign + found.start()
    raise BadTemplate("a `${` that no `}` closes")


def _too_long() -> BadTemplate:
    return BadTemplate(f"with its variables in place it is longer than {LENGTH} characters", kind=FaultKind.TOO_LARGE)
