"""Reads a zip as a list of members and their bytes; the standard library's reader, with bounds that it has not."""

import stat
import struct
import zipfile
import zlib
from collections.abc import Container, Iterator
from contextlib import contextmanager
from typing import BinaryIO

from grader.errors import SubmissionError
from grader.intake.members import Kind, Limits, Member
from grader.intake.names import shown

CHUNK = 64 * 1024
TAIL = 22 + 2**16  # bytes of a zip's end with its comment: all that is ever read without a size
HEADER = 30  # bytes before a member's name, at least
ENCRYPTED = 0x1
METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
WINDOWS = frozenset({0, 10, 11})  # the systems whose tools may write "\" between folders: FAT, NTFS, VFAT
KINDS = {
    stat.S_IFLNK: Kind.LINK,
    stat.S_IFIFO: Kind.PIPE,
    stat.S_IFSOCK: Kind.SOCKET,
    stat.S_IFCHR: Kind.DEVICE,
    stat.S_IFBLK: Kind.DEVICE,
}
# What the reader raises for bytes that are no zip, by no rule: each of these was seen.
DAMAGES = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)


class Zip:
    """An open zip; `size` is that of the file."""

    def __init__(self, file: BinaryIO, limits: Limits) -> None:
        with _undamaged():
            self._size = file.seek(0, 2)
            self._archive = zipfile.ZipFile(_Bounded(file, limits.listing, limits.advice))
        self._infos = self._archive.infolist()

    def members(self) -> Iterator[Member]:
        """Every entry, in the order of the zip's list.

        :raises SubmissionError: two entries share bytes, as a bomb's do
        """
        end = 0
        for info in sorted(self._infos, key=lambda info: info.header_offset):
            if info.header_offset < end:
                raise SubmissionError("its entries overlap: zip the folder anew")
            end = info.header_offset + HEADER + len(info.orig_filename) + info.compress_size
        if end > self._size:
            raise SubmissionError("damaged: zip the folder anew")
        return map(_member, self._infos)

    def contents(self, positions: Container[int]) -> Iterator[tuple[int, Iterator[bytes]]]:
        """The members at these positions, each with its bytes, to be read before the next."""
        for position, info in enumerate(self._infos):
            if position in positions:
                yield position, self._chunks(info)

    def _chunks(self, info: zipfile.ZipInfo) -> Iterator[bytes]:
        count = 0
        with _undamaged(), self._archive.open(info) as content:
            while count <= info.file_size and (chunk := content.read(CHUNK)):
                count += len(chunk)
                yield chunk
        if count != info.file_size:
            raise SubmissionError(f"{shown(info.filename)} is not as large as the zip says: zip the folder anew")


class _Bounded:
    """A file of which no more is read at once than `most` bytes: the reader takes a zip's whole list in one go."""

    def __init__(self, file: BinaryIO, most: int, advice: str) -> None:
        self._file, self._most, self._advice = file, most, advice
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable

    def read(self, count: int = -1) -> bytes:
        if count > self._most:
            raise SubmissionError(f"lists more files than it may: {self._advice}")
        return self._file.read(count if count >= 0 else TAIL)


@contextmanager
def _undamaged() -> Iterator[None]:
    try:
        yield
    except DAMAGES as error:
        raise SubmissionError("damaged: zip the folder anew") from error


def _member(info: zipfile.ZipInfo) -> Member:
    # As it is written: the reader's own name ends at a NUL.
    name = info.orig_filename
    if info.create_system in WINDOWS:
        name = name.replace("\\", "/")
    kind = KINDS.get(stat.S_IFMT(info.external_attr >> 16), Kind.FOLDER if name.endswith("/") else Kind.FILE)
    return Member(name=name, kind=kind, size=info.file_size, packed=info.compress_size, fault=_fault(info))


def _fault(info: zipfile.ZipInfo) -> str:
    if info.flag_bits & ENCRYPTED:
        return "is encrypted: zip the folder anew, without a password"
    if info.compress_type not in METHODS:
        method = zipfile.compressor_names.get(info.compress_type, f"method {info.compress_type}")  # type: ignore[attr-defined]
        return f"is compressed with {method}: zip the folder anew, with the system's own zip"
    return ""
