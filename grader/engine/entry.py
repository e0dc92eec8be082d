"""Writes down, before anything is made on the engine, by which label it will be known there.

The label has a random key. A fixed one could be set by a student's Dockerfile, and a sweep by it would then remove
what is not ours. The file stays locked for as long as its process lives: who can lock it knows that process dead.
"""

import contextlib
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from grader.engine.command import state_folder
from grader.engine.labels import RUN

if TYPE_CHECKING:
    from filelock import BaseFileLock

SUFFIX = ".run"
DEAD = ".dead"  # the file of a run that was killed and has been swept: only what the engine finished later may remain
SWEPT = "swept"  # the file whose age tells when those were looked at last
# A build whose client was killed goes on for a while, and its image comes after the first sweep.
LATE = 3600.0  # seconds
AGAIN = 60.0  # seconds between two looks for those


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One label, and the locked file that stands for it."""

    file: Path
    lock: "BaseFileLock"

    @property
    def label(self) -> str:
        return self.file.with_suffix("").name

    @property
    def folder(self) -> Path:
        """Where its run keeps what it needs on this machine; it need not be there."""
        return self.file.with_suffix("")

    def close(self, *, gone: bool, late: bool = False) -> None:
        """Let go of it.

        :param gone: all that carries the label was removed; else the file stays, for a later run to try
        :param late: the engine may still be making what it was asked for last, so later runs look once more
        """
        self.lock.release()
        with contextlib.suppress(FileNotFoundError):  # another run has swept at the same moment
            if gone and late:
                self.file.rename(self.file.with_suffix(DEAD))
            elif gone:
                self.file.unlink()

    def swept(self) -> None:
        """Let go of a dead run's: what it left is removed, and for a while more may come."""
        old = time.time() - int(self.label.removeprefix(RUN)[:8], 16) >= LATE
        self.close(gone=old or self.file.suffix == SUFFIX, late=not old)


def begin() -> Entry:
    """Write down a new label."""
    file = _runs() / f"{RUN}{int(time.time()):08x}{secrets.token_hex(8)}{SUFFIX}"
    lock = _lock(file)
    lock.acquire()
    return Entry(file=file, lock=lock)


def dead() -> Iterator[Entry]:
    """The entries of those that were killed, locked; and of those swept before, where it is time to look again."""
    from filelock import Timeout

    runs = _runs()
    for file in (*runs.glob(f"{RUN}*{SUFFIX}"), *_again(runs)):
        lock = _lock(file)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            continue  # its run is alive
        yield Entry(file=file, lock=lock)


def look_again() -> None:
    """Have the next look for what came late not wait for its time."""
    (_runs() / SWEPT).unlink(missing_ok=True)


def _again(runs: Path) -> list[Path]:
    late, marker = list(runs.glob(f"{RUN}*{DEAD}")), runs / SWEPT
    with contextlib.suppress(OSError):
        if time.time() - marker.stat().st_mtime < AGAIN:
            return []
    if late:
        marker.touch()
    return late


def _runs() -> Path:
    runs = state_folder() / "runs"
    runs.mkdir(parents=True, exist_ok=True)
    return runs


def _lock(file: Path) -> "BaseFileLock":
    from filelock import FileLock

    # It is taken by one thread and let go by another.
    return FileLock(file, thread_local=False)
