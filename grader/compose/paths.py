"""Paths that a student wrote: every one is inside the submission, by its text and on the disk."""

import posixpath
import re
import stat
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from grader.compose.model import FaultKind
from grader.compose.nodes import Node, wrong

DRIVE = re.compile(r"[A-Za-z]:[\\/]")
LIMIT = 200  # characters
BYTES = 1_000_000  # of a file; no submission has a larger one
ENGINE_SOCKET = re.compile(r"(?:docker|containerd|podman)[^/]*\.sock$")


def inside(folder: Path, node: Node, what: str, path: str, *, base: str = "") -> str:
    """The path from the submission's root, "" for the root itself; it need not exist.

    `base` is the folder inside the submission that a relative path begins in.

    :raises ComposeFault: it leads out, or over a link
    """
    if not path or "\0" in path or len(path) > LIMIT:
        raise wrong(node, what, "an empty path" if not path else "no path that any file here could have")
    if ENGINE_SOCKET.search(path):
        reason = "the engine's socket gives the whole machine to the container, and is never mounted"
        raise wrong(node, what, reason, kind=FaultKind.REFUSED)
    if path.startswith(("/", "~")) or DRIVE.match(path):
        reason = f"`{path}` is on your machine only: hand it in, and write ./ and its path inside the submission"
        raise wrong(node, what, reason, kind=FaultKind.REFUSED)
    if "\\" in path:
        raise wrong(node, what, f"`{path}`: write / between folders")
    whole = posixpath.normpath(posixpath.join(base, path))
    if whole == ".." or whole.startswith("../"):
        raise wrong(node, what, f"`{path}` leads out of what was handed in", kind=FaultKind.REFUSED)
    whole = "" if whole == "." else whole
    _no_links(folder, node, what, whole)
    return whole


def is_file(folder: Path, path: str) -> bool:
    """Whether a path inside the submission is a file."""
    return _mode(folder / path, stat.S_ISREG)


def is_folder(folder: Path, path: str) -> bool:
    """Whether a path inside the submission is a folder."""
    return _mode(folder / path, stat.S_ISDIR)


def content(folder: Path, path: str) -> bytes:
    """What a file inside the submission holds, bounded."""
    with (folder / path).open("rb") as file:
        return file.read(BYTES)


def beside(folder: Path, path: str) -> list[str]:
    """What lies where the path's last part should: the names that it may have been meant as."""
    parent = PurePosixPath(path).parent
    try:
        return sorted(str(parent / entry.name) for entry in (folder / parent).iterdir())
    except OSError:
        return []


def _no_links(folder: Path, node: Node, what: str, path: str) -> None:
    """The copy of a submission holds no links; this is the second lock on the same door."""
    place = folder
    for part in PurePosixPath(path).parts:
        place /= part
        if _mode(place, stat.S_ISLNK):
            raise wrong(node, what, f"`{path}` leads over a link", kind=FaultKind.REFUSED)


def _mode(place: Path, test: Callable[[int], bool]) -> bool:
    try:
        return test(place.lstat().st_mode)
    except OSError:
        return False
