"""The parser: from a page to the steps of its shell, each a console block or a file to save."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from . import rst

TIMEOUT = 60.0
KNOWN = "`exit N`, `timeout N`, `not run: why` and, once on a page, `slow page`"
PARTIAL = frozenset({"lines", "start-at", "start-after", "end-at", "end-before", "pyobject", "diff"})


@dataclass(frozen=True, kw_only=True)
class Command:
    """One command line, continuations and all, and what the page says that it prints."""

    line: int
    text: str
    expected: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Block:
    """A console block: its commands share a deadline, the last may end with a code of its own."""

    line: int
    commands: tuple[Command, ...]
    exit: int = 0
    timeout: float = TIMEOUT
    not_run: str = ""  # the reason why it is not run
    slow_page: bool = False  # its page takes minutes: `make verify` runs it, `make test` does not


@dataclass(frozen=True, kw_only=True)
class Saved:
    """A `literalinclude` with a caption: the file is put into the shell's folder."""

    line: int
    source: Path
    caption: str


@dataclass(frozen=True, kw_only=True)
class Fault:
    """A block that its author wrote wrongly; it fails when its turn comes."""

    line: int
    message: str


Step = Block | Saved | Fault


class AuthorMistake(ValueError):
    """A block, or a remark above one, is not written as the authoring guide says."""


def parse(text: str, path: Path, docs: Path) -> tuple[Step, ...]:
    """The steps of a page, in order; files are saved only where a page has a console block."""
    steps = tuple(_steps(rst.read(text), path, docs))
    return steps if any(not isinstance(step, Saved) for step in steps) else ()


def _steps(source: rst.Source, path: Path, docs: Path) -> Iterator[Step]:
    for directive in source.directives:
        try:
            if directive.is_code and directive.argument == "console":
                yield _block(directive)
            elif _is_to_save(directive):
                yield _saved(directive, path, docs)
        except AuthorMistake as mistake:
            yield Fault(line=directive.line, message=str(mistake))


def _block(directive: rst.Directive) -> Block:
    code, timeout, reason, slow = 0, TIMEOUT, "", False
    for remark in directive.remarks:
        if remark.key != "console":
            continue
        if match := re.fullmatch(r"exit (\d+)", remark.value):
            code = int(match[1])
        elif match := re.fullmatch(r"timeout (\d+)", remark.value):
            timeout = float(match[1])
        elif match := re.fullmatch(r"not run: *(\S.*)", remark.value):
            reason = match[1]
        elif remark.value == "slow page":
            slow = True
        elif remark.value.startswith("not run"):
            raise AuthorMistake("a block that is not run needs a reason: `.. console: not run: why`")
        else:
            raise AuthorMistake(f"unknown remark {remark.value!r}; known are {KNOWN}")
    commands = _commands(directive)
    return Block(line=directive.line, commands=commands, exit=code, timeout=timeout, not_run=reason, slow_page=slow)


def _commands(directive: rst.Directive) -> tuple[Command, ...]:
    commands: list[Command] = []
    expected: list[str] = []
    text, line = "", 0
    for number, written in enumerate(directive.body, directive.body_line):
        if text.endswith("\\") and not expected:
            text += "\n" + written
        elif written.startswith("$ "):
            if text:
                commands.append(Command(line=line, text=text, expected=tuple(expected)))
            text, line, expected = written[2:], number, []
        elif text:
            expected.append(written)
        else:
            raise AuthorMistake("a console block begins with a command, a line that starts with `$ `")
    if not text:
        raise AuthorMistake("the console block is empty")
    if text.endswith("\\"):
        raise AuthorMistake("the last command ends in a backslash, with nothing after it")
    commands.append(Command(line=line, text=text, expected=tuple(expected)))
    return tuple(commands)


def _is_to_save(directive: rst.Directive) -> bool:
    if directive.name != "literalinclude" or "caption" not in directive.options:
        return False
    values = [remark.value for remark in directive.remarks if remark.key == "console"]
    for value in values:
        if value != "not saved":
            raise AuthorMistake(f"unknown remark {value!r}; above a literalinclude `not saved` is known")
    return not values


def _saved(directive: rst.Directive, path: Path, docs: Path) -> Saved:
    caption = directive.options["caption"]
    named = PurePosixPath(caption)
    mend = "; if readers are not to save it, write `.. console: not saved` above"
    if not caption or re.search(r"\s", caption):
        raise AuthorMistake(f"the caption {caption!r} is not a file name{mend}")
    if named.is_absolute() or ".." in named.parts:
        raise AuthorMistake(f"the caption {caption!r} leads out of the reader's folder{mend}")
    if part := PARTIAL & directive.options.keys():
        raise AuthorMistake(f"shows only a part of the file (:{min(part)}:) under a caption{mend}")
    argument = directive.argument
    source = docs / argument[1:] if argument.startswith("/") else path.parent / argument
    if not source.is_file():
        raise AuthorMistake(f"there is no file {argument}")
    return Saved(line=directive.line, source=source, caption=caption)
