"""Lays one student's files out as the folder that the student would name."""

import os
import shutil
from collections.abc import Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path

from grader.errors import SubmissionError
from grader.intake.archive import is_archive, unpack
from grader.intake.claims import SUFFIX, Handed
from grader.intake.files import named, opened, writing
from grader.intake.members import STUDENT, Kind, dropped, megabytes
from grader.intake.names import shown, unfit
from grader.submission import COMPOSE_NAMES

LOOKED_AT = 1_000  # entries of a folder, to find out whether it holds one thing alone
# What lies at the top of a student's own folder, and never at the top of a class.
OWN = frozenset({"Dockerfile", "dockerfile", *COMPOSE_NAMES})


def lay_out(handed: Sequence[Handed], source: str, into: Path) -> Path:
    """Lay out what a student handed in, in the empty folder `into`; returns the folder that holds their files.

    A folder that lies there already is returned as it is; nothing in it is followed.

    :raises SubmissionError: it is refused; the message begins with `source`
    """
    first = handed[0].path
    if len(handed) > 1 or not first.is_dir():
        return _laid(handed, source, into)
    folder = _inner(first)
    files = _packed(folder)
    return _laid(files, source, into) if files else folder


def entries(folder: Path, most: int = LOOKED_AT) -> list[Path]:
    """What lies in a folder, in order of name, but for what tools leave there; no more than `most` is looked at."""
    with os.scandir(folder) as found:
        kept = [entry for entry in islice(found, most) if not dropped((entry.name,), _kind(entry))]
    return sorted((Path(folder, entry.name) for entry in kept), key=lambda path: path.name)


def _kind(entry: os.DirEntry[str]) -> Kind:
    if entry.is_symlink():
        return Kind.LINK
    return Kind.FOLDER if entry.is_dir() else Kind.FILE


def _inner(folder: Path) -> Path:
    """The folder, or the one in it where that is all there is: archives are often packed with a folder around."""
    with suppress(OSError):
        only, *more = entries(folder) or [folder]
        if not more and only.is_dir() and not only.is_symlink():
            return only
    return folder


def _packed(folder: Path) -> list[Handed]:
    """The files of a folder in which an archive stands for the work; none where the folder is the work itself."""
    with suppress(OSError):
        found = entries(folder)
        if all(path.is_file() and not path.is_symlink() for path in found) and not is_own(found):
            archives = sum(map(_is_packed, found))
            if archives == 1 or archives == len(found):
                return [Handed(path=path, name=path.name) for path in found]
    return []


def is_whole(path: Path) -> bool:
    """Whether this can be all that a student handed in."""
    return path.is_dir() or _is_packed(path)


def _is_packed(path: Path) -> bool:
    """Whether this is an archive, or is called one: then it is to be refused for what it is."""
    return path.is_file() and (bool(SUFFIX.search(path.name)) or is_archive(path))


def is_own(found: Sequence[Path]) -> str:
    """The name among these that tells a student's own folder, or nothing."""
    return next((path.name for path in found if path.name in OWN), "")


def _laid(handed: Sequence[Handed], source: str, into: Path) -> Path:
    archives = [each for each in handed if _is_packed(each.path)]
    folder = into
    if len(archives) == 1:
        unpack(archives[0].path, source, into)
        folder = _inner(into)
    with named(source):
        if len(archives) > 1:
            names = " and ".join(sorted(shown(each.name) for each in archives))
            raise SubmissionError(f"holds {len(archives)} archives, {names}: hand in one")
        if archives and all(map(_is_packed, entries(folder))):
            raise SubmissionError("holds an archive inside the archive: pack the files themselves")
        for each in handed:
            if each not in archives:
                _copy(each, folder)
    return folder


def _copy(handed: Handed, folder: Path) -> None:
    """Copy one file beside the others; where an archive brought one of that name along, it is the one that counts."""
    name = shown(handed.name)
    if fault := unfit(handed.name, (handed.name,), 1):
        raise SubmissionError(f"{name} {fault}")
    target = folder / handed.name
    if os.path.lexists(target):
        return
    with opened(handed.path) as file:
        if os.fstat(file.fileno()).st_size > STUDENT.largest:
            raise SubmissionError(f"{name} is larger than {megabytes(STUDENT.largest)}: {STUDENT.advice}")
        with writing(folder), target.open("xb") as copy:
            shutil.copyfileobj(file, copy)
