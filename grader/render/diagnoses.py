"""The catalogue of known mistakes on a terminal, and for other programs: all of it in short, or one entry whole."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec
from rich.console import Console
from rich.text import Text

from grader.catalogue import PAGE, PLACEHOLDER, Entry, anchor
from grader.render.lines import INDENT, copyable, field, hanging, measure, prose

UNBUILT = "_build/html/{} (`make html` builds it)"


def render_list(groups: Mapping[str, tuple[Entry, ...]], console: Console) -> None:
    """Print id, unit and cause of each entry, under its group."""
    for group, entries in groups.items():
        console.print(Text(group, "bold"))
        for entry in entries:
            _print(_row(entry, console), console)
        console.print()


def render_entry(group: str, entry: Entry, console: Console, *, book: Path | None) -> None:
    """Print one entry whole; `book` is the folder of the built course, where there is one."""
    _print(hanging(Text(f"{entry.id}  ", "bold"), f"{group}, taught in {entry.unit}", console, "dim"), console)
    _print(field("symptom", named(entry.symptom), console), console)
    _print(prose("cause", named(entry.cause), console, "bold"), console)
    _print(copyable("look", named(entry.look)), console)
    _print(prose("mend", named(entry.mend), console), console)
    _print(copyable("learn", page(entry.id, book)), console)


def as_json(groups: Mapping[str, tuple[Entry, ...]]) -> str:
    """The entries of all groups as one list, with the facts that each is proved by."""
    rows = [
        {"group": group, **msgspec.to_builtins(entry), "page": anchor(entry.id)}
        for group, entries in groups.items()
        for entry in entries
    ]
    return json.dumps(rows, ensure_ascii=False, indent=2)


def page(name: str, book: Path | None) -> str:
    """Where the course explains a diagnosis, built or not: its source holds no words about it."""
    if book and (book / f"{PAGE}.html").is_file():
        return (book / anchor(name)).as_posix()
    return UNBUILT.format(anchor(name))


def named(text: str) -> str:
    """The text with its placeholders shown by name."""
    return PLACEHOLDER.sub(r"<\1>", text)


def _row(entry: Entry, console: Console) -> Iterator[Text]:
    gap = measure(console) - INDENT // 2 - len(entry.id) - len(entry.unit)
    yield Text.assemble(" " * (INDENT // 2), (entry.id, "cyan"), " " * max(gap, 2), (entry.unit, "dim"))
    yield from hanging(Text(" " * INDENT), named(entry.cause), console)


def _print(lines: Iterator[Text], console: Console) -> None:
    for line in lines:
        line.rstrip()
        console.print(line, soft_wrap=True)
