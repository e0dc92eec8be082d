"""Takes in what a student handed in: a folder becomes a clean copy of the listed files, and a digest of them."""

import hashlib
import os
import stat
from collections.abc import Generator, Iterator, Mapping, Set
from contextlib import closing, contextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import SubmissionError

# At run time it is the exercise that reads the limits below: it may not ask for what is never taken.
if TYPE_CHECKING:
    from grader.exercise import Exercise

FILE_LIMIT = 1_000_000  # bytes of one file
TOTAL_LIMIT = 10_000_000  # bytes of all
COUNT_LIMIT = 2_000  # files and folders looked at, taken or not
DEPTH_LIMIT = 6  # folders inside folders
# Never taken and never looked into, however large: what tools leave in a student's folder. A .git folder can also name
# programs that git would run.
SKIPPED = frozenset({".git", ".venv", "venv", "node_modules", "__pycache__", ".idea", ".vscode"})
# The names that Compose looks for, in its own order; the first one there is the one that counts.
COMPOSE_NAMES = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
VENV_MARK = "pyvenv.cfg"  # the folder that holds it is a virtual environment, whatever its name
# Windows opens by path alone; there a folder that becomes a link between listing and reading is not noticed.
DESCRIPTORS = os.open in os.supports_dir_fd and os.scandir in os.supports_fd

Found = tuple[str, os.DirEntry[str], int | None]  # a path inside the submission, its entry, its held folder


@dataclass(frozen=True, kw_only=True)
class Submission:
    """A clean copy of what was handed in; nothing of the original is looked at again."""

    name: str  # the folder as the command line named it
    folder: Path  # the copy
    files: tuple[str, ...]
    missing: tuple[str, ...]  # asked for, and not there
    left_out: tuple[str, ...]  # there, and not asked for, or too large, or not a regular file
    links: tuple[str, ...]  # of those left out: links, pipes and the like, asked for or not
    called: Mapping[str, str]  # of those taken under another name: the name that the student gave them
    digest: str  # sha256 of the names and contents taken


def take_in(exercise: "Exercise", source: Path, folder: Path) -> Submission:
    """Copy what the exercise asks for from `source` into the empty `folder`, following no link.

    :raises SubmissionError: `source` is no folder, or holds more than any honest submission
    """
    if not source.exists():
        raise SubmissionError(f"no folder {source}: name the folder that holds your Dockerfile")
    if not source.is_dir():
        raise SubmissionError(f"{source} is a file: a submission is a folder, such as {source.parent}")
    taken: list[str] = []
    left_out: list[str] = []
    links: list[str] = []
    called: dict[str, str] = {}
    seen: set[str] = set()
    total, digest = 0, hashlib.sha256()
    with closing(_walk(source)) as walk:
        for name, entry, parent in walk:
            seen.add(name)
            if len(seen) > COUNT_LIMIT:
                raise _too_much(source, f"{COUNT_LIMIT:,} files and folders")
            if entry.is_dir(follow_symlinks=False):
                continue
            regular = entry.is_file(follow_symlinks=False)
            if not regular:
                links.append(name)
            target = _wanted(exercise, source, name, seen) if regular else None
            content = None if target is None else _read(source / name, parent, needed=target in exercise.files)
            if target is None or content is None:
                left_out.append(name)
                continue
            total += len(content)
            if total > TOTAL_LIMIT:
                raise _too_much(source, f"{TOTAL_LIMIT // 1_000_000} MB")
            _write(folder / target, content)
            digest.update(f"{len(target)}:{target}{len(content)}:".encode("utf-8", "surrogateescape") + content)
            taken.append(target)
            if target != name:
                called[target] = name
    return Submission(
        name=str(source),
        folder=folder,
        files=tuple(taken),
        missing=tuple(name for name in exercise.files if name not in taken),
        left_out=tuple(left_out),
        links=tuple(links),
        called=called,
        digest=digest.hexdigest(),
    )


def _too_much(source: Path, limit: str) -> SubmissionError:
    return SubmissionError(f"{source} holds more than {limit}: hand in your own work only")


def _walk(source: Path, prefix: str = "", parent: int | None = None) -> Generator[Found, None, None]:
    """Every file and folder by its path with "/" inside `source`, in order of name, but those of tools."""
    with _held(source / prefix, parent) as held:
        entries = _listed(source / prefix, held)
        # In the submission's own folder it is the student's work that lies beside the mark.
        if prefix and any(entry.name == VENV_MARK for entry in entries):
            return
        for entry in entries:
            name, is_folder = f"{prefix}{entry.name}", entry.is_dir(follow_symlinks=False)
            if is_folder and entry.name in SKIPPED:
                continue
            yield name, entry, held
            if is_folder and name.count("/") < DEPTH_LIMIT:
                yield from _walk(source, f"{name}/", held)


@contextmanager
def _held(path: Path, parent: int | None) -> Iterator[int | None]:
    """A folder's descriptor: it stays that folder, whatever takes its place at its path. None where there are none."""
    if not DESCRIPTORS:
        yield None
        return
    flags = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0)
    # The submission itself may be a link: who names it on the command line means what it leads to.
    if parent is not None:
        flags |= getattr(os, "O_NOFOLLOW", 0)
    with _readable(path):
        descriptor = os.open(path if parent is None else path.name, flags, dir_fd=parent)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _listed(path: Path, held: int | None) -> list[os.DirEntry[str]]:
    # More entries than these are refused anyway, so a folder of millions is not read to its end.
    most = COUNT_LIMIT + len(SKIPPED) + 1
    with _readable(path), os.scandir(path if held is None else held) as entries:
        return sorted(islice(entries, most), key=lambda entry: entry.name)


def _wanted(exercise: "Exercise", source: Path, name: str, seen: Set[str]) -> str | None:
    """The name to take a file under, or None: not asked for."""
    if name in exercise.files:
        return name
    # docker build takes a lower-case `dockerfile` where there is no other; so do we, under the usual name. In order of
    # name, the other has been seen before.
    if name == "dockerfile" and "Dockerfile" in exercise.files:
        return None if "Dockerfile" in seen else "Dockerfile"
    if name in COMPOSE_NAMES and COMPOSE_NAMES[0] in exercise.files:
        others = COMPOSE_NAMES[: COMPOSE_NAMES.index(name)]
        return None if any(os.path.lexists(source / other) for other in others) else COMPOSE_NAMES[0]
    depth = name.count("/")
    if any(fnmatchcase(name, pattern) and pattern.count("/") == depth for pattern in exercise.optional):
        return name
    return None


def _read(path: Path, parent: int | None, *, needed: bool) -> bytes | None:
    """Read one file, and refuse a link or a device that took its place since the folder was listed.

    None if it is too large, which is refused where the file is `needed`.
    """
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    with _readable(path):
        descriptor = os.open(path if parent is None else path.name, flags, dir_fd=parent)
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise SubmissionError(f"{path} is not a regular file: hand in the file itself")
            content = file.read(FILE_LIMIT + 1)
    if len(content) <= FILE_LIMIT:
        return content
    if needed:
        raise SubmissionError(f"{path} is larger than {FILE_LIMIT // 1_000_000} MB: hand in your own work only")
    return None


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise SubmissionError(f"{path} cannot be read: {error.strerror}") from error


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    # One mode for all, so that the image does not depend on the student's umask; a script keeps running, since its
    # interpreter is named by its first line or by the Dockerfile.
    path.chmod(0o755 if content.startswith(b"#!") else 0o644)
