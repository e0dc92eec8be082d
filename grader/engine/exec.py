"""Runs a command inside a container, bounded: what it prints is the student's, and it may never end."""

import socket
import struct
import time
from collections.abc import Sequence
from typing import Any

from grader.engine.attached import hang_up
from grader.engine.connection import Engine
from grader.engine.faults import engine_faults
from grader.facts import Executed

OUTPUT_LIMIT = 64_000  # bytes that are kept: the first ones
HEADER = struct.Struct(">BxxxI")  # how the engine frames the two streams: which one, and how many bytes follow
STDERR = 2


def execute(engine: Engine, container: str, command: Sequence[str], *, timeout: float) -> Executed:
    """Run `command` and wait for its end, for `timeout` seconds at most.

    :raises EngineFault: the engine did not do its part; that the container has ended is no fault, but an exit code
    """
    from docker.errors import APIError

    api = engine.client.api
    with engine_faults("running a command in the container"):
        try:
            made = api.exec_create(container, list(command))["Id"]
            stream = api.exec_start(made, socket=True)
        except APIError as error:
            if error.status_code == 409:  # the container has ended, or is paused
                return Executed(exit_code=None, stdout="", stderr=str(error.explanation))
            raise
        try:
            stdout, stderr, late = _read(_socket(stream), time.monotonic() + timeout)
        finally:
            hang_up(stream)
        code = None if late else api.exec_inspect(made)["ExitCode"]
    return Executed(
        exit_code=code,
        stdout=stdout.decode("utf-8", "replace"),
        stderr=stderr.decode("utf-8", "replace"),
        timed_out=late,
    )


def _socket(stream: Any) -> socket.socket:  # noqa: ANN401 -- the SDK has a type for each way to the engine
    """The socket itself, which the SDK wraps in a file where the engine is near."""
    return getattr(stream, "_sock", stream)  # type: ignore[no-any-return]


def _read(sock: socket.socket, deadline: float) -> tuple[bytes, bytes, bool]:
    """Both streams to their end, or to the deadline; more than the limit is read and thrown away."""
    kept = {1: b"", STDERR: b""}
    buffer, left, stream = b"", 0, 1
    while True:
        remaining = deadline - time.monotonic()
        if remaining <= 0:
            return kept[1], kept[STDERR], True
        sock.settimeout(remaining)
        try:
            chunk = sock.recv(65_536)
        except TimeoutError:
            continue
        if not chunk:
            return kept[1], kept[STDERR], False
        buffer += chunk
        while buffer:
            if not left:
                if len(buffer) < HEADER.size:
                    break
                stream, left = HEADER.unpack_from(buffer)
                buffer = buffer[HEADER.size :]
                stream = STDERR if stream == STDERR else 1
            piece, buffer = buffer[:left], buffer[left:]
            left -= len(piece)
            kept[stream] = (kept[stream] + piece)[:OUTPUT_LIMIT]
