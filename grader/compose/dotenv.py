"""Reads `.env` and the files under `env_file` as Compose does: quotes, comments, `export`, lines inside quotes."""

import re
from collections.abc import Mapping

from grader.compose.interpolate import BadTemplate, Filling
from grader.compose.model import ComposeFault, FaultKind

BYTES = 64_000
NAMES = 500
EXPORT = re.compile(r"export\s+")
END = re.compile(r"[=:\n]|\Z")  # of a name: `:` as well, and the line's end, where the name stands alone
NAME = re.compile(r"[\w.\-\[\]]+")
QUOTED = {quote: re.compile(rf"((?:[^\\{quote}]|\\.)*){quote}", re.DOTALL) for quote in "\"'"}
ESCAPE = re.compile(r"\\(?:0(?P<octal>\d{0,3})|(?P<letter>[abcfnrtv$\"\\]))")
LETTERS = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\", '"': '"'}


def parse_env(content: bytes, file: str, outer: Mapping[str, str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """The variables that a file sets, and the names that it uses and nobody set.

    `outer` are the variables that are set already: they win where the file uses one, and a name that stands alone on
    its line is taken from them.

    :raises ComposeFault: the file cannot be read so; `file` is the name that the fault bears
    """
    text = _decoded(content, file)
    found: dict[str, str] = {}
    unset: dict[str, None] = {}
    at = 0
    while (at := _start(text, at)) < len(text):
        line = text.count("\n", 0, at) + 1
        try:
            name, value, at = _statement(text, at, {**found, **outer}, unset)
        except BadTemplate as error:
            what = f"`${{{error.what}}}`" if error.what else f"`{file}`"
            raise ComposeFault(kind=error.kind, what=what, reason=str(error), line=line, file=file) from error
        if value is not None:
            found[name] = value
        if len(found) > NAMES:
            raise _fault(FaultKind.TOO_LARGE, file, line, f"more than {NAMES} variables")
    return found, tuple(unset)


def _statement(text: str, at: int, variables: Mapping[str, str], unset: dict[str, None]) -> tuple[str, str | None, int]:
    """One name, its value, and where the text goes on."""
    if found := EXPORT.match(text, at):
        at = found.end()
    end = END.search(text, at)
    assert end  # noqa: S101 -- for mypy: every text has an end
    name = text[at : end.start()].strip()
    if not NAME.fullmatch(name):
        row = text[at:].split("\n", 1)[0][:40]
        raise BadTemplate(f"`{row}` sets no variable: write NAME=value", kind=FaultKind.SYNTAX)
    if end[0] not in ("=", ":"):
        return name, variables.get(name), end.end()
    at = _after_blanks(text, end.end())
    filling = Filling(variables=variables, unset=unset)
    if text[at : at + 1] in QUOTED:
        quote = text[at]
        whole = QUOTED[quote].match(text, at + 1)
        if not whole:
            raise BadTemplate(f"`{name}` opens a quote that nothing closes", kind=FaultKind.SYNTAX)
        value = whole[1].replace(f"\\{quote}", quote)
        return name, filling.text(ESCAPE.sub(_unescaped, value)) if quote == '"' else value, whole.end()
    row = text[at:].split("\n", 1)[0]
    return name, filling.text(row.split(" #", 1)[0].rstrip()), at + len(row)


def _start(text: str, at: int) -> int:
    """Where the next statement begins: after blank lines and comments."""
    while True:
        while at < len(text) and text[at].isspace():
            at += 1
        if not text.startswith("#", at):
            return at
        end = text.find("\n", at)
        at = len(text) if end < 0 else end


def _after_blanks(text: str, at: int) -> int:
    while text[at : at + 1] in (" ", "\t"):
        at += 1
    return at


def _unescaped(found: re.Match[str]) -> str:
    if letter := found["letter"]:
        # `$$` is the `$` of a template, which these values are.
        return "$$" if letter == "$" else LETTERS.get(letter, f"\\{letter}")
    octal = found["octal"]
    if octal == "000":
        raise BadTemplate("`\\0000` is a character that no variable can hold", kind=FaultKind.SYNTAX)
    return chr(int(octal, 8)) if re.fullmatch("[0-3][0-7]{2}", octal) else f"\\{octal}"


def _decoded(content: bytes, file: str) -> str:
    if len(content) > BYTES:
        raise _fault(FaultKind.TOO_LARGE, file, 0, f"larger than {BYTES // 1000} kB")
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _fault(FaultKind.ENCODING, file, line, "not UTF-8: save it as UTF-8") from error
    if "\0" in text:
        raise _fault(FaultKind.SYNTAX, file, text.count("\n", 0, text.index("\0")) + 1, "a character that no text has")
    return text


def _fault(kind: FaultKind, file: str, line: int, reason: str) -> ComposeFault:
    return ComposeFault(kind=kind, what=f"`{file}`", reason=reason, line=line, file=file)
