"""Opening what was handed in, and writing its copy: whose fault it is when either fails."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from grader.errors import GraderError, SubmissionError
from grader.intake.names import SOURCE_SHOWN, shown

PACK = "hand in a zip or a tar.gz"


@contextmanager
def named(source: str) -> Iterator[None]:
    """Begin the message of every refusal with where the hand-in lay."""
    try:
        yield
    except SubmissionError as error:
        raise SubmissionError(f"{shown(source, SOURCE_SHOWN)}: {error}") from error


@contextmanager
def writing(into: Path) -> Iterator[None]:
    """Say of a full disk that it is not the student's fault."""
    try:
        yield
    except OSError as error:
        raise GraderError(
            f"cannot write to {into}: {error.strerror}; make room there, or choose another place"
        ) from error


@contextmanager
def opened(file: BinaryIO | Path) -> Iterator[BinaryIO]:
    """A path's file, and no link or device that took its place; an open file stays open."""
    if not isinstance(file, Path):
        file.seek(0)
        yield file
        return
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(file, flags)
    except OSError as error:
        raise SubmissionError(f"cannot be read: {error.strerror}") from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise SubmissionError(f"it is not a regular file: {PACK}")
    with os.fdopen(descriptor, "rb") as source:
        yield source
