"""As much of reStructuredText as the tests of the pages need: directives, remarks and literal lines."""

import re
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

DIRECTIVE = re.compile(r"(?P<indent> *)\.\. (?P<name>[\w:+.-]*\w)::(?: +(?P<argument>.*))?$")
OPTION = re.compile(r"\s*:(?P<name>[\w-]+):(?: +(?P<value>.*))?$")
REMARK = re.compile(r" *\.\. (?P<key>console|lint): *(?P<value>.*)$")
OTHER_MARKUP = re.compile(r" *\.\. +(?:_|\[|\|)")
COMMENT = re.compile(r" *\.\.(?: |$)")
CODE = frozenset({"code-block", "sourcecode", "code", "parsed-literal"})
VERBATIM = CODE | {"raw", "math", "graphviz"}


@dataclass(frozen=True, kw_only=True)
class Remark:
    """A comment that speaks to the tests: `.. console: exit 1`, `.. lint: allow RULE: why`."""

    line: int
    key: str
    value: str


@dataclass(frozen=True, kw_only=True)
class Directive:
    """One directive; lines are counted from 1, the body has lost its indentation."""

    line: int
    indent: int
    name: str
    argument: str
    options: Mapping[str, str]
    body_line: int
    body: tuple[str, ...]
    remarks: tuple[Remark, ...]  # those directly above

    @property
    def is_code(self) -> bool:
        return self.name in CODE


@dataclass(frozen=True, kw_only=True)
class Source:
    """A page, read: its directives in order, its remarks, and the language of every literal line."""

    lines: tuple[str, ...]
    directives: tuple[Directive, ...]
    remarks: tuple[Remark, ...]
    literal: Mapping[int, str]
    comments: frozenset[int]

    def prose(self) -> Iterator[tuple[int, str]]:
        """The numbered lines that a reader reads as sentences."""
        for number, line in enumerate(self.lines, 1):
            if number not in self.literal and number not in self.comments:
                yield number, line


def read(text: str) -> Source:
    """Read a page; what stands inside a code block or a comment is not looked into."""
    lines = text.splitlines()
    directives: list[Directive] = []
    remarks: list[Remark] = []
    literal: dict[int, str] = {}
    comments: set[int] = set()
    at = 0
    while at < len(lines):
        line = lines[at]
        after = at + 1
        if match := DIRECTIVE.match(line):
            directive = _directive(lines, at, match, remarks)
            directives.append(directive)
            if directive.name in VERBATIM:
                after = _body_end(lines, at)
                start = directive.body_line
                literal.update(dict.fromkeys(range(start, after + 1), directive.argument))
        elif COMMENT.match(line) and not OTHER_MARKUP.match(line):
            if match := REMARK.match(line):
                remarks.append(Remark(line=at + 1, key=match["key"], value=match["value"].strip()))
            after = _body_end(lines, at)
            comments.update(range(at + 1, after + 1))
        elif line.rstrip().endswith("::"):
            after = _body_end(lines, at)
            literal.update(dict.fromkeys(range(at + 2, after + 1), ""))
        at = after
    return Source(
        lines=tuple(lines),
        directives=tuple(directives),
        remarks=tuple(remarks),
        literal=literal,
        comments=frozenset(comments),
    )


def _directive(lines: list[str], at: int, match: re.Match[str], remarks: list[Remark]) -> Directive:
    content = textwrap.dedent("\n".join(lines[at + 1 : _body_end(lines, at)])).split("\n")
    options: dict[str, str] = {}
    used = 0
    while used < len(content) and (option := OPTION.match(content[used])):
        options[option["name"]] = option["value"] or ""
        used += 1
    while used < len(content) and not content[used].strip():
        used += 1
    body = content[used:]
    while body and not body[-1].strip():
        body.pop()
    return Directive(
        line=at + 1,
        indent=len(match["indent"]),
        name=match["name"],
        argument=(match["argument"] or "").strip(),
        options=options,
        body_line=at + 2 + used,
        body=tuple(body),
        remarks=_directly_above(lines, at, remarks),
    )


def _body_end(lines: list[str], at: int) -> int:
    """The index after the last line that is indented deeper than `lines[at]`."""
    indent = _indent(lines[at])
    end = at + 1
    for index in range(at + 1, len(lines)):
        if not lines[index].strip():
            continue
        if _indent(lines[index]) <= indent:
            break
        end = index + 1
    return end


def _directly_above(lines: list[str], at: int, remarks: list[Remark]) -> tuple[Remark, ...]:
    found: list[Remark] = []
    index = at - 1
    for remark in reversed(remarks):
        while index >= 0 and not lines[index].strip():
            index -= 1
        if remark.line != index + 1:
            break
        found.insert(0, remark)
        index -= 1
    return tuple(found)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
