"""Reads a tar, plain or compressed, member by member from a stream; the memory it takes does not depend on the tar.

The standard library decodes each header. It does not walk from one to the next: it would read an extended header of any
size at once, and seek by sizes that a stranger wrote.
"""

import bz2
import tarfile
import zlib
from collections.abc import Container, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import BinaryIO

from grader.errors import SubmissionError
from grader.intake.members import Kind, Limits, Member, megabytes

CHUNK = 64 * 1024
GZIP = b"\x1f\x8b"
GZIP_BITS = 16 + zlib.MAX_WBITS
BZIP2 = b"BZh"
BLOCK = tarfile.BLOCKSIZE
EXTENDED_LIMIT = 1_000_000  # bytes of an extended header: a long name, and what macOS adds
DAMAGED = "damaged: pack the folder anew"
KINDS = {
    **dict.fromkeys(tarfile.REGULAR_TYPES, Kind.FILE),
    tarfile.DIRTYPE: Kind.FOLDER,
    tarfile.SYMTYPE: Kind.LINK,
    tarfile.LNKTYPE: Kind.HARD_LINK,
    tarfile.CHRTYPE: Kind.DEVICE,
    tarfile.BLKTYPE: Kind.DEVICE,
    tarfile.FIFOTYPE: Kind.PIPE,
    tarfile.GNUTYPE_SPARSE: Kind.SPARSE,
}
EXTENDED = frozenset({tarfile.XHDTYPE, tarfile.SOLARIS_XHDTYPE})
LONG = {tarfile.GNUTYPE_LONGNAME: "path", tarfile.GNUTYPE_LONGLINK: "linkpath"}
SPARSE_KEY = "GNU.sparse."
BODILESS = frozenset({Kind.FOLDER, Kind.LINK, Kind.HARD_LINK, Kind.DEVICE, Kind.PIPE})  # whatever size they claim
DAMAGES = (tarfile.TarError, zlib.error, EOFError, OSError, ValueError)


class Tar:
    """A tar in a file; each look at it begins at the file's start."""

    def __init__(self, file: BinaryIO, limits: Limits) -> None:
        self._file = file
        self._limits = limits

    def members(self) -> Iterator[Member]:
        """Every entry, in the order of the tar."""
        for member, _ in self._walk():
            yield member

    def contents(self, positions: Container[int]) -> Iterator[tuple[int, Iterator[bytes]]]:
        """The members at these positions, each with its bytes, to be read before the next."""
        for position, (_, chunks) in enumerate(self._walk()):
            if position in positions:
                yield position, chunks

    def _walk(self) -> Iterator[tuple[Member, Iterator[bytes]]]:
        self._file.seek(0)
        stream = _Stream(self._file, self._limits)
        more: dict[str, str] = {}
        with _undamaged():
            while header := stream.header():
                if header.type in EXTENDED or header.type in LONG or header.type == tarfile.XGLTYPE:
                    more |= _extended(header, stream)
                    continue
                member = _member(header, more)
                more = {}
                chunks = stream.body(0 if member.kind in BODILESS else member.size)
                yield member, chunks
                for _ in chunks:  # what was not asked for
                    pass


class _Stream:
    """The tar's bytes in order, however they are compressed."""

    def __init__(self, file: BinaryIO, limits: Limits) -> None:
        self._chunks = _bounded(file, limits)
        self._held, self._begin = b"", 0

    def header(self) -> tarfile.TarInfo | None:
        """The next header; None at the end."""
        # Some tools leave out the empty blocks that end a tar.
        if not self._ahead() and not self._fill():
            return None
        block = self._take(BLOCK)
        return tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape") if block.strip(b"\0") else None

    def body(self, size: int) -> Iterator[bytes]:
        """The bytes of one member; once they are read, the next header can be."""
        padding = -size % BLOCK
        with _undamaged():
            while size:
                chunk = self._take(min(size, CHUNK))
                size -= len(chunk)
                yield chunk
            self._take(padding)

    def _ahead(self) -> int:
        return len(self._held) - self._begin

    def _fill(self) -> bool:
        chunk = next(self._chunks, b"")
        self._held, self._begin = self._held[self._begin :] + chunk, 0
        return bool(chunk)

    def _take(self, count: int) -> bytes:
        while self._ahead() < count:
            if not self._fill():
                raise EOFError
        begin, self._begin = self._begin, self._begin + count
        return self._held[begin : self._begin]


def _bounded(file: BinaryIO, limits: Limits) -> Iterator[bytes]:
    """The tar's bytes in chunks, none of them empty, until they are more than the limits allow."""
    count = 0
    for chunk in filter(None, _expanded(file)):
        count += len(chunk)
        if count > limits.passed:
            raise SubmissionError(f"unpacks to more than {megabytes(limits.passed)}: {limits.advice}")
        if count > limits.floor and count > limits.ratio_of_all * file.tell():
            raise SubmissionError(f"unpacks to more than {limits.ratio_of_all} times its size: {limits.advice}")
        yield chunk


def _expanded(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    magic = file.read(len(BZIP2))
    file.seek(0)
    if magic.startswith(GZIP):
        return _gunzipped(file)
    source = bz2.BZ2File(file) if magic == BZIP2 else file
    return iter(partial(source.read, CHUNK), b"")


def _gunzipped(file: BinaryIO) -> Iterator[bytes]:
    # Not with the gzip module, which reads the comment in a header byte by byte, however long it is.
    inflater, held = zlib.decompressobj(wbits=GZIP_BITS), b""
    while held := held or file.read(CHUNK):
        if inflater.eof:  # another stream follows, or the zeros that fill a block
            held = held.lstrip(b"\0")
            inflater = zlib.decompressobj(wbits=GZIP_BITS) if held else inflater
            continue
        yield inflater.decompress(held, CHUNK)
        held = inflater.unconsumed_tail or inflater.unused_data
    yield inflater.flush()
    if not inflater.eof:
        raise EOFError


def _extended(header: tarfile.TarInfo, stream: _Stream) -> dict[str, str]:
    """What an entry says of the one after it."""
    if not 0 <= header.size <= EXTENDED_LIMIT:
        raise SubmissionError(DAMAGED)
    content = b"".join(stream.body(header.size))
    if header.type in LONG:
        return {LONG[header.type]: _text(content.split(b"\0")[0])}
    return dict(_records(content)) if header.type in EXTENDED else {}


def _records(content: bytes) -> Iterator[tuple[str, str]]:
    """The keys and values of an extended header, each written as "30 path=...", with its own length before it."""
    while content:
        length, _, rest = content.partition(b" ")
        size = int(length) - len(length) - 1
        if not 0 < size <= len(rest):
            raise ValueError
        key, _, value = rest[: size - 1].partition(b"=")
        yield _text(key), _text(value)
        content = rest[size:]


def _text(content: bytes) -> str:
    return content.decode("utf-8", "surrogateescape")


def _member(header: tarfile.TarInfo, more: Mapping[str, str]) -> Member:
    kind = KINDS.get(header.type, Kind.OTHER)
    if any(key.startswith(SPARSE_KEY) for key in more):
        kind = Kind.SPARSE
    size = int(more.get("size", header.size))
    if size < 0:
        raise ValueError
    return Member(name=more.get("path", header.name), kind=kind, size=size, packed=size)


@contextmanager
def _undamaged() -> Iterator[None]:
    try:
        yield
    except DAMAGES as error:
        raise SubmissionError(DAMAGED) from error
