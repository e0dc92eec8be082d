"""Lays an archive out as a folder; what could leave that folder, or fill the disk, is refused.

Neither of the standard library's extractors is used: they write links, follow them, and stop at no size.
"""

from collections.abc import Container, Iterator
from pathlib import Path
from typing import BinaryIO, Protocol

from grader.errors import SubmissionError
from grader.intake.files import PACK, named, opened, writing
from grader.intake.members import CLASS, STUDENT, Chosen, Limits, Member, Refuse, chosen
from grader.intake.tars import BZIP2, GZIP, Tar
from grader.intake.zips import Zip

HEAD = 512  # bytes that tell what a file is
ZIPS = (b"PK\x03\x04", b"PK\x05\x06")  # the second: an empty one
USTAR, USTAR_AT = b"ustar", 257
OTHERS = {b"Rar!": "RAR", b"7z\xbc\xaf\x27\x1c": "7z", b"\xfd7zXZ\x00": "xz", b"\x28\xb5\x2f\xfd": "zstd"}


class Archive(Protocol):
    """An open archive, whatever its format."""

    def members(self) -> Iterator[Member]:
        """Every entry, in the archive's own order."""

    def contents(self, positions: Container[int]) -> Iterator[tuple[int, Iterator[bytes]]]:
        """The members at these positions, each with its bytes, to be read before the next."""


def unpack(file: BinaryIO | Path, name: str, into: Path, limits: Limits = STUDENT) -> None:
    """Lay the archive's files and folders out in the empty folder `into`; what tools left in it is passed over.

    :raises SubmissionError: it is no archive that we read, or holds what no honest one does; the message begins with
        `name`, and what has been written so far is to be thrown away
    """

    def refuse(member: str, error: SubmissionError) -> None:
        raise error

    _unpack(file, name, into, limits, refuse)


def unpack_class(file: BinaryIO | Path, name: str, into: Path, limits: Limits = CLASS) -> dict[str, str]:
    """Lay out what a platform packed of a whole class; what is refused of it, by its path, with the reason.

    :raises SubmissionError: the archive as a whole cannot be read, or is larger than the limits allow
    """
    refused: dict[str, str] = {}

    def refuse(member: str, error: SubmissionError) -> None:
        refused[member] = str(error)

    _unpack(file, name, into, limits, refuse)
    return refused


def is_archive(path: Path) -> bool:
    """Whether a file begins as an archive does, of a kind that we read or of another."""
    try:
        with opened(path) as file:
            head = file.read(HEAD)
    except SubmissionError:
        return False
    return _is_zip(head) or _is_tar(head) or bool(_other(head))


def _unpack(file: BinaryIO | Path, name: str, into: Path, limits: Limits, refuse: Refuse) -> None:
    with named(name), opened(file) as source:
        archive = _read(source, limits)
        found = chosen(archive.members(), limits, refuse)
        if not found.files:
            raise SubmissionError(f"holds no file: {PACK}")
        _write(archive, found, into, refuse)


def _read(file: BinaryIO, limits: Limits) -> Archive:
    """By its first bytes: a name's ending is what a student, or a browser, thought that it was."""
    head = file.read(HEAD)
    if _is_zip(head):
        return Zip(file, limits)
    if _is_tar(head):
        return Tar(file, limits)
    if not head:
        raise SubmissionError(f"it is empty: {PACK}")
    kind = _other(head)
    raise SubmissionError(f"it is packed as {kind}: {PACK}" if kind else f"it is no archive: {PACK}")


def _is_zip(head: bytes) -> bool:
    return head.startswith(ZIPS)


def _is_tar(head: bytes) -> bool:
    return head.startswith((GZIP, BZIP2)) or head[USTAR_AT:].startswith(USTAR)


def _other(head: bytes) -> str:
    return next((kind for magic, kind in OTHERS.items() if head.startswith(magic)), "")


def _write(archive: Archive, found: Chosen, into: Path, refuse: Refuse) -> None:
    for folder in found.folders:
        with writing(into):
            (into / folder).mkdir(parents=True, exist_ok=True)
    for position, chunks in archive.contents(found.files):
        path = into / found.files[position]
        try:
            _write_one(path, chunks, into)
        except SubmissionError as error:
            path.unlink(missing_ok=True)
            refuse(found.files[position], error)


def _write_one(path: Path, chunks: Iterator[bytes], into: Path) -> None:
    with writing(into):
        path.parent.mkdir(parents=True, exist_ok=True)
        # Never over another file: no name is there twice.
        with path.open("xb") as file:
            file.writelines(chunks)
