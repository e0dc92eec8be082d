"""The stream that a report is written to: what it can carry, and a reader who leaves before the end."""

import contextlib
import errno
import io
import os
import sys
from collections.abc import Iterator
from typing import TextIO

from grader.errors import GraderError

# A pipe whose reader has gone says EPIPE, and EINVAL on Windows.
READER_GONE = (errno.EPIPE, errno.EINVAL)


@contextlib.contextmanager
def written_to(stream: TextIO) -> Iterator[None]:
    """Write to the stream, and flush it; for a reader who leaves early (`| head -1`) the rest is dropped.

    :raises GraderError: the stream cannot be written
    """
    try:
        yield
        stream.flush()
    except OSError as error:
        drop(stream)
        if error.errno not in READER_GONE:
            raise GraderError(f"the output could not be written: {error.strerror}; send it elsewhere") from error


def tell(text: str) -> None:
    """Print to stderr, if anybody is left to read it: after a terminal's end nobody is."""
    try:
        print(text, file=sys.stderr, flush=True)
    except OSError:
        drop(sys.stderr)


def drop(stream: TextIO) -> None:
    """Send what the stream still holds, and all that follows, nowhere: at its exit Python flushes once more."""
    with contextlib.suppress(OSError), open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), stream.fileno())


def spell_out(stream: TextIO) -> None:
    """Write `\\u2714` for a character that the stream's encoding lacks, as that of a Windows pipe does."""
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="backslashreplace")


def speak_utf8(stream: TextIO) -> None:
    """Write UTF-8, whatever the terminal's encoding is: what is written here is for a program."""
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(encoding="utf-8")
