"""The bounded HTTP client of the checks: one request, one connection, a total deadline, caps on every byte."""

import http.client
import shlex
import socket
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

BODY_LIMIT = 1_000_000  # bytes
DEADLINE = 5.0  # seconds from connect to the last byte
# What a browser or curl would send: a submission cannot tell the grader from a person by its headers. Identity keeps
# a compressed answer of a few kilobytes from unpacking into gigabytes.
HEADERS = {"User-Agent": "curl/8.14.1", "Accept": "*/*", "Accept-Encoding": "identity", "Connection": "close"}


@dataclass(frozen=True, kw_only=True)
class Request:
    """One request, to a path of the submission's own server and nowhere else."""

    path: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def curl(self, port: int) -> str:
        """The same request as a command a student can type, against a port published on loopback."""
        words = ["curl", "-i"]
        if self.method != "GET":
            words += ["-X", self.method]
        for name, value in self.headers.items():
            words += ["-H", f"{name}: {value}"]
        if self.body:
            words += ["--data-binary", self.body.decode("utf-8", "replace")]
        return shlex.join([*words, f"http://127.0.0.1:{port}{self.path}"])


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back; redirects are answers like any other, and are never followed."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    truncated: bool  # the body was longer than BODY_LIMIT
    seconds: float

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    def header(self, name: str) -> str | None:
        """The first header of that name, whatever its case."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


class NoAnswer(Exception):
    """No HTTP answer came; `reason` is one of "refused", "unreachable", "closed", "timeout", "not-http"."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


def send(host: str, port: int, request: Request, *, deadline: float = DEADLINE) -> Answer:
    """Send one request and read the whole answer, within `deadline` seconds in all.

    A time-out of the socket's own counts from the last byte, so a server that drips one byte a second would hold the
    grader for ever. Here a timer closes the connection, whatever has come by then.

    :raises NoAnswer: nothing, not all, or not HTTP came back in time
    """
    started = time.monotonic()
    connection = http.client.HTTPConnection(host, port, timeout=deadline)
    late = threading.Event()
    timer = threading.Timer(deadline, _cut, (connection, late))
    timer.daemon = True
    try:
        connection.connect()
        timer.start()
        answer = _exchange(connection, request, started)
        if late.is_set():  # http.client takes a connection that was cut for the end of the answer
            raise TimeoutError
        return answer
    except (OSError, http.client.HTTPException, ValueError) as error:
        # A closed socket surfaces as any of these, depending on what was being read when the timer struck.
        raise _no_answer(error, late.is_set(), deadline) from error
    finally:
        timer.cancel()
        connection.close()


def _exchange(connection: http.client.HTTPConnection, request: Request, started: float) -> Answer:
    headers = HEADERS | dict(request.headers)
    connection.request(request.method, request.path, body=request.body or None, headers=headers)
    response = connection.getresponse()
    body = response.read(BODY_LIMIT + 1)
    if response.length and len(body) <= BODY_LIMIT:
        raise http.client.IncompleteRead(body, response.length)
    return Answer(
        status=response.status,
        headers=tuple(response.getheaders()),
        body=body[:BODY_LIMIT],
        truncated=len(body) > BODY_LIMIT,
        seconds=time.monotonic() - started,
    )


def _cut(connection: http.client.HTTPConnection, late: threading.Event) -> None:
    late.set()
    sock = connection.sock
    if sock is not None:
        try:
            sock.shutdown(socket.SHUT_RDWR)
        except OSError:  # it closed in the same moment
            return


def _no_answer(error: Exception, late: bool, deadline: float) -> NoAnswer:
    if late or isinstance(error, TimeoutError):
        return NoAnswer("timeout", f"no complete answer within {deadline:g} s")
    if isinstance(error, ConnectionRefusedError):
        return NoAnswer("refused", "connection refused: nothing listens on that port")
    if isinstance(error, ConnectionError | http.client.RemoteDisconnected | http.client.IncompleteRead):
        return NoAnswer("closed", "the connection was closed before the answer was complete")
    if isinstance(error, OSError):
        return NoAnswer("unreachable", f"the address cannot be reached: {error.strerror or error}")
    return NoAnswer("not-http", f"what came back is not HTTP: {type(error).__name__}")
