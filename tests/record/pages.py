"""Runs a page's console blocks, and writes those outputs anew that no longer agree with what was printed."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.docs.console import Block, Command, Fault, Saved, Step, parse
from tests.docs.room import Room
from tests.docs.shell import ShellLost
from tests.record.rewriting import rewritten


class NotRecorded(Exception):
    """A page could not be run to its end: nothing of it is written."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """The output of one command, as it is to stand on the page."""

    command: Command
    lines: tuple[str, ...]


def record(page: Path, docs: Path) -> int:
    """Bring the outputs of a page up to date; returns how many were written anew.

    :raises NotRecorded: a command ended otherwise than the page says, or the page has a fault
    """
    text = page.read_text(encoding="utf-8")
    changes = list(_changes(parse(text, page, docs), docs.parent))
    if changes:
        page.write_text(changed(text, changes), encoding="utf-8")
    return len(changes)


def changed(text: str, changes: list[Change]) -> str:
    """The page with other outputs; from the last to the first, so that the lines above keep their numbers."""
    lines = text.splitlines()
    for change in sorted(changes, key=lambda change: change.command.line, reverse=True):
        prompt = lines[change.command.line - 1]
        indent = prompt[: len(prompt) - len(prompt.lstrip(" "))]
        start = change.command.line + change.command.text.count("\n")
        end = start + len(change.command.expected)
        lines[start:end] = [f"{indent}{line}".rstrip() for line in change.lines]
    return "\n".join(lines) + "\n"


def _changes(steps: tuple[Step, ...], root: Path) -> Iterator[Change]:
    blocks = [step for step in steps if isinstance(step, Block) and not step.not_run]
    if not blocks:
        return
    room = Room(root)
    try:
        if complaint := room.prepare([command for block in blocks for command in block.commands]):
            raise NotRecorded(complaint)
        for step in steps:
            match step:
                case Fault():
                    raise NotRecorded(f"line {step.line}: {step.message}")
                case Saved():
                    room.save(step)
                case Block(not_run=""):
                    yield from _of_block(step, room)
    finally:
        room.close()


def _of_block(block: Block, room: Room) -> Iterator[Change]:
    deadline = time.monotonic() + block.timeout
    for command in block.commands:
        place = f"line {command.line}: $ {command.text}"
        if complaint := room.claim(command):
            raise NotRecorded(f"{place}\n{complaint}")
        try:
            answer = room.ask(command, deadline)
        except ShellLost as loss:
            raise NotRecorded(f"{place}\n{loss}; it had printed:\n{loss.output}") from loss
        wanted = block.exit if command is block.commands[-1] else 0
        if answer.code != wanted:
            printed = "\n".join(answer.lines)
            raise NotRecorded(f"{place}\nended with {answer.code}, the page says {wanted}; it printed:\n{printed}")
        lines = rewritten(command.expected, answer.lines)
        if lines != command.expected:
            yield Change(command=command, lines=lines)
