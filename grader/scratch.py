"""Folders to work in that are gone at the end: what a run that was killed could not remove, a later one does."""

import contextlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from filelock import BaseFileLock

PREFIX = "shipshape-scratch-"
LOCK = "lock"  # held as long as its run lives; a killed process lets go
NEW = 60.0  # seconds for which a folder is let be: whoever has just made it may not hold it yet


@contextlib.contextmanager
def scratch_folder() -> Iterator[Path]:
    """An empty folder of this machine's temporary ones, for as long."""
    _sweep(Path(tempfile.gettempdir()))
    with tempfile.TemporaryDirectory(prefix=PREFIX) as name, _lock(Path(name)):
        folder = Path(name) / "work"
        folder.mkdir()
        yield folder


def _sweep(place: Path) -> None:
    """Remove those of this user whose run is dead; what cannot be removed now is left to a later run."""
    from filelock import Timeout

    for folder in place.glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError, Timeout):
            if _is_ours(folder) and time.time() - folder.stat().st_mtime > NEW:
                with _lock(folder).acquire(timeout=0):
                    pass
                shutil.rmtree(folder)


def _is_ours(folder: Path) -> bool:
    """Whether this user made it: anybody may put something of that name where all have their temporary files."""
    status = folder.lstat()
    return folder.is_dir() and not folder.is_symlink() and (os.name == "nt" or status.st_uid == os.getuid())


def _lock(folder: Path) -> "BaseFileLock":
    from filelock import FileLock

    return FileLock(folder / LOCK)
