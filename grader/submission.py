"""Takes in what a student handed in: a folder becomes a clean copy of the listed files, and a digest of them."""

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from grader.errors import SubmissionError
from grader.exercise import Exercise

FILE_LIMIT = 1_000_000  # bytes of one file
TOTAL_LIMIT = 10_000_000  # bytes of all
COUNT_LIMIT = 2_000  # files looked at, taken or not
DEPTH_LIMIT = 6  # folders inside folders
# Never taken and never looked into, however large: what tools leave in a student's folder. A .git folder can also name
# programs that git would run.
SKIPPED = frozenset({".git", ".venv", "venv", "node_modules", "__pycache__", ".idea", ".vscode"})


@dataclass(frozen=True, kw_only=True)
class Submission:
    """A clean copy of what was handed in; nothing of the original is looked at again."""

    name: str  # the folder as the command line named it
    folder: Path  # the copy
    files: tuple[str, ...]
    missing: tuple[str, ...]  # asked for, and not there
    left_out: tuple[str, ...]  # there, and not asked for, or not a regular file
    digest: str  # sha256 of the names and contents taken


def take_in(exercise: Exercise, source: Path, folder: Path) -> Submission:
    """Copy what the exercise asks for from `source` into the empty `folder`, following no link.

    :raises SubmissionError: `source` is no folder, or holds more than any honest submission
    """
    if not source.exists():
        raise SubmissionError(f"no folder {source}: name the folder that holds your Dockerfile")
    if not source.is_dir():
        raise SubmissionError(f"{source} is a file: a submission is a folder, such as {source.parent}")
    taken: list[str] = []
    left_out: list[str] = []
    total, digest = 0, hashlib.sha256()
    for count, (name, entry) in enumerate(_walk(source, ""), start=1):
        if count > COUNT_LIMIT:
            raise SubmissionError(f"{source} holds more than {COUNT_LIMIT:,} files: hand in your own work only")
        target = _wanted(exercise, name)
        if target is None or not entry.is_file(follow_symlinks=False):
            left_out.append(name)
            continue
        content = _read(source, name)
        total += len(content)
        if total > TOTAL_LIMIT:
            raise SubmissionError(f"{source} holds more than {TOTAL_LIMIT // 1_000_000} MB: hand in your own work only")
        _write(folder / target, content)
        digest.update(f"{len(target)}:{target}{len(content)}:".encode("utf-8", "surrogateescape") + content)
        taken.append(target)
    return Submission(
        name=str(source),
        folder=folder,
        files=tuple(taken),
        missing=tuple(name for name in exercise.files if name not in taken),
        left_out=tuple(left_out),
        digest=digest.hexdigest(),
    )


def _walk(source: Path, prefix: str) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Every entry that is not a folder, by its path with "/" inside `source`, in order of name."""
    try:
        entries = sorted(os.scandir(source / prefix), key=lambda entry: entry.name)
    except OSError as error:
        raise SubmissionError(f"{source / prefix} cannot be read: {error.strerror}") from error
    for entry in entries:
        name = f"{prefix}{entry.name}"
        if not entry.is_dir(follow_symlinks=False):
            yield name, entry
        elif entry.name not in SKIPPED and name.count("/") < DEPTH_LIMIT:
            yield from _walk(source, f"{name}/")


def _wanted(exercise: Exercise, name: str) -> str | None:
    """The name to take a file under, or None: not asked for."""
    if name in exercise.files:
        return name
    # docker build takes a lower-case `dockerfile` where there is no other; so do we, under the usual name.
    if name == "dockerfile" and "Dockerfile" in exercise.files:
        return "Dockerfile"
    depth = name.count("/")
    if any(fnmatchcase(name, pattern) and pattern.count("/") == depth for pattern in exercise.optional):
        return name
    return None


def _read(source: Path, name: str) -> bytes:
    """Read one file, and refuse a link or a device that took its place since the folder was listed."""
    path = source / name
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(path, flags)
    except OSError as error:
        raise SubmissionError(f"{path} cannot be read: {error.strerror}") from error
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise SubmissionError(f"{path} is not a regular file: hand in the file itself")
        content = file.read(FILE_LIMIT + 1)
    if len(content) > FILE_LIMIT:
        raise SubmissionError(f"{path} is larger than {FILE_LIMIT // 1_000_000} MB: hand in your own work only")
    return content


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    # One mode for all, so that the image does not depend on the student's umask; a script keeps running, since its
    # interpreter is named by its first line or by the Dockerfile.
    path.chmod(0o755 if content.startswith(b"#!") else 0o644)
