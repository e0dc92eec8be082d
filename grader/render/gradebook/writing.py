"""Puts what was drawn into files: below one folder, and each replaced in one step."""

import contextlib
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from grader.errors import GraderError

PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*")


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """The files of one format, by their names below the output folder, each made when it is its turn.

    None in place of a content says that there must be no such file: one of an earlier time is taken away.
    """

    files: Iterable[tuple[str, str | None]]
    notes: tuple[str, ...] = ()  # what the instructor should know, such as who could not be placed


@dataclass(frozen=True, kw_only=True)
class Written:
    """What is in the output folder now."""

    files: tuple[Path, ...]
    notes: tuple[str, ...] = ()


def put(drawing: Drawing, folder: Path) -> Written:
    """Write every file of the drawing.

    :raises GraderError: a file cannot be written; names it
    """
    written = []
    for name, content in drawing.files:
        path = folder.joinpath(*_parts(name))
        try:
            if content is None:
                path.unlink(missing_ok=True)
            else:
                _replace(path, content)
                written.append(path)
        except OSError as error:
            raise GraderError(f"{path} could not be written: {error.strerror}; write to another folder") from error
    return Written(files=tuple(written), notes=drawing.notes)


def _parts(name: str) -> list[str]:
    """The parts of a name, in which a student's key may stand."""
    parts = name.split("/")
    for part in parts:
        if not PART.fullmatch(part):
            raise ValueError(f"{part!r} is not fit for a file name: letters, digits, '.', '_' and '-' are")
    return parts


def _replace(path: Path, content: str) -> None:
    """A reader meets the old file or the new one, whole; it can be drawn again, so a power cut may cost it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(path.name + ".tmp")
    try:
        # What lies under that name, a link even, is not written through.
        temporary.unlink(missing_ok=True)
        with temporary.open("x", encoding="utf-8", newline="") as file:
            file.write(content)
        os.replace(temporary, path)
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()
