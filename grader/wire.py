"""A connection to read from until a deadline, however slowly or endlessly the other side sends."""

import http.client
import io
import socket

from grader.deadline import Deadline

WIRE_LIMIT = 8_000_000  # bytes in all: the frames of a chunked body may outweigh what they carry


class Wire(io.RawIOBase):
    """A connection to read from until a deadline, and no more than WIRE_LIMIT bytes."""

    def __init__(self, connection: socket.socket, deadline: Deadline) -> None:
        self._connection, self._deadline, self._came = connection, deadline, 0
        self.at_end = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]  # io says Buffer, of 3.12
        count = self._receive(buffer)
        self._came += count
        self.at_end = not count
        if self._came > WIRE_LIMIT:
            raise http.client.HTTPException(f"more than {WIRE_LIMIT:,} bytes, and no end of the answer")
        return count

    def _receive(self, buffer: "bytearray | memoryview") -> int:
        while True:
            self._connection.settimeout(self._deadline.left())
            try:
                return self._connection.recv_into(buffer)
            except TimeoutError:
                continue  # what is left may be more by now


class Stream(io.BufferedReader):
    """What http.client takes for a socket: one answer after another is read from the same buffer."""

    def __init__(self, connection: socket.socket, deadline: Deadline) -> None:
        self._wire = Wire(connection, deadline)
        super().__init__(self._wire)

    @property
    def at_end(self) -> bool:
        """Whether the other side has closed the connection, and that was read."""
        return self._wire.at_end

    def makefile(self, mode: str) -> "Stream":
        return self

    def close(self) -> None:
        """Nothing: an answer closes what it was read from, and another may stand behind it."""
