"""Reads what a program in a container prints, as it prints it, to a limit and a deadline."""

import contextlib
import socket
import struct
from dataclasses import dataclass
from typing import Any

from grader.deadline import Deadline

HEADER = struct.Struct(">BxxxI")  # how the engine frames the two streams: which one, and how many bytes follow
STDERR = 2
CHUNK = 65_536  # bytes


@dataclass(frozen=True, kw_only=True)
class Said:
    """What came, and whether that was all."""

    stdout: bytes
    stderr: bytes
    late: bool  # the deadline came first
    cut: bool  # the limit came first


def hang_up(stream: Any) -> None:  # noqa: ANN401
    """Close the way itself: a container whose output nobody takes cannot be removed while the engine waits for that."""
    sock = getattr(stream, "_sock", stream)
    with contextlib.suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)
    if response := getattr(stream, "_response", None):
        response.close()
    stream.close()
    sock.close()


def read(stream: Any, *, limit: int, deadline: Deadline, cut: bool = True) -> Said:  # noqa: ANN401 -- a type for each way
    """Read both streams to their end.

    :param limit: bytes that are kept, of both together
    :param cut: stop at the limit; otherwise it is one for each stream, and what is over it is read and thrown away
    :raises TooBusy: what prints was kept from running
    """
    sock: socket.socket = getattr(stream, "_sock", stream)  # wrapped in a file where the engine is near
    kept = {1: bytearray(), STDERR: bytearray()}
    buffer, left, target = bytearray(), 0, 1

    def said(*, late: bool = False, cut: bool = False) -> Said:
        return Said(stdout=bytes(kept[1]), stderr=bytes(kept[STDERR]), late=late, cut=cut)

    while True:
        try:
            sock.settimeout(deadline.left())
        except TimeoutError:
            return said(late=True)
        try:
            chunk = sock.recv(CHUNK)
        except TimeoutError:
            continue
        if not chunk:
            return said()
        buffer += chunk
        while buffer and (left or len(buffer) >= HEADER.size):
            if not left:
                number, left = HEADER.unpack_from(buffer)
                target = STDERR if number == STDERR else 1
                del buffer[: HEADER.size]
            piece = buffer[:left]
            kept[target] += piece if cut else piece[: limit - len(kept[target])]
            left -= len(piece)
            del buffer[: len(piece)]
        if cut and len(kept[1]) + len(kept[STDERR]) > limit:
            return said(cut=True)
