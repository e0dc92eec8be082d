"""What a page says that a command prints, held against what it printed."""

import difflib
import re
from collections.abc import Sequence

ANY = "..."
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)")
SHELL_PLACE = re.compile(r"^bash: (?:eval: )?line \d+: ", re.MULTILINE)
COUNT = r"(?:\d+|[Aa]n?|[Aa]bout an?|[Ll]ess than a)"
# In this order: the longer forms go first, before a part of them is taken for something else.
VOLATILE = (
    (re.compile(r"\b[0-9a-f]{64}\b"), "<id>"),
    (re.compile(r"\b(?=[0-9a-f]*\d)[0-9a-f]{12}\b"), "<id>"),
    (re.compile(rf"\b{COUNT} (?:second|minute|hour|day|week|month|year)s?(?: ago)?\b"), "<age>"),
    (re.compile(r"\b\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT\b"), "<time>"),
    (re.compile(r"\b\d\d/\w{3}/\d{4}[ :]\d\d:\d\d:\d\d(?: [+-]\d{4})?"), "<time>"),
    (re.compile(r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z| ?[+-]\d\d:?\d\d)?"), "<time>"),
    (re.compile(r"\b\d\d:\d\d:\d\d\b"), "<time>"),
    (re.compile(r"\b\d+\.\d+ ?(?:ms|s)\b"), "<seconds>"),
    (re.compile(r"\b\d+(?:\.\d+)? ?(?:[kKMGT]i?B|B)\b"), "<size>"),
    (re.compile(r"\b(?:10\.\d+|172\.(?:1[6-9]|2\d|3[01])|192\.168)\.\d+\.\d+\b"), "<address>"),
    (re.compile(r"(?<=:)(?:3[2-9]|[4-6]\d)\d{3}(?=->)"), "<port>"),
    (re.compile(r"(?<=\S) {2,}"), "  "),  # columns move with the width of what stands in them
)


def as_shown(output: str) -> tuple[str, ...]:
    """The lines that a terminal would show: no colors, nothing that a carriage return wrote over."""
    plain = SHELL_PLACE.sub("bash: ", ESCAPES.sub("", output))
    lines = [line.rstrip("\r").rpartition("\r")[2].rstrip() for line in plain.split("\n")]
    return _without_blank_end(lines)


def agrees(expected: Sequence[str], got: Sequence[str]) -> bool:
    """Whether the output is as the page shows it; `...` stands for any lines, or any text in a line."""
    wanted = [line.strip() == ANY or _pattern(line) for line in _without_blank_end(expected)]
    told = [_normal(line) for line in got]
    # reach[j]: the lines wanted so far can account for exactly the first j lines told.
    reach = [True] + [False] * len(told)
    for want in wanted:
        if isinstance(want, bool):
            first = reach.index(True) if True in reach else len(reach)
            reach = [j >= first for j in range(len(reach))]
        else:
            reach = [False] + [reach[j] and bool(want.fullmatch(told[j])) for j in range(len(told))]
    return reach[-1]


def difference(expected: Sequence[str], got: Sequence[str]) -> str:
    """A unified diff from the page to the run, without the lines that differ only as they may."""
    patterns = [(line, _pattern(line)) for line in expected if line.strip() != ANY]
    shown = [next((line for line, pattern in patterns if pattern.fullmatch(_normal(told))), told) for told in got]
    wanted = _without_blank_end(expected)
    return "\n".join(difflib.unified_diff(wanted, shown, "the page", "the run", lineterm=""))


def _normal(line: str) -> str:
    for volatile, name in VOLATILE:
        line = volatile.sub(name, line)
    return line.rstrip()


def _pattern(line: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in _normal(line).split(ANY)))


def _without_blank_end(lines: Sequence[str]) -> tuple[str, ...]:
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    return tuple(lines[:end])
