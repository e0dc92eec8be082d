"""The bounded HTTP client of the checks: one request, one connection, a total deadline, caps on every byte."""

import contextlib
import http.client
import re
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import cast

from grader import curl
from grader.coding import unpack
from grader.deadline import Deadline
from grader.wire import Stream

BODY_LIMIT = 1_000_000  # bytes, of a body as it came and again of what it unpacks to
INTERIM_LIMIT = 20  # answers of 1xx before the one that counts
DEADLINE = 5.0  # seconds from connect to the last byte
QUOTE_LIMIT = 100  # characters of what was no HTTP, in a message
# What a browser or curl would send: a submission cannot tell the grader from a person by its headers. Identity keeps
# a compressed answer of a few kilobytes from unpacking into gigabytes.
HEADERS = {"User-Agent": "curl/8.14.1", "Accept": "*/*", "Accept-Encoding": "identity", "Connection": "close"}
# An answer's other charsets are read as UTF-8: some of Python's codecs are no charsets, and slow on purpose.
CHARSETS = frozenset({"utf-8", "us-ascii", "iso-8859-1", "latin-1", "iso-8859-15", "windows-1252", "utf-16"})
CHARSET = re.compile(r""";\s*charset\s*=\s*["']?([\w-]{1,40})""", re.IGNORECASE)
FOLD = re.compile(r"[\r\n]+[ \t]*")


@dataclass(frozen=True, kw_only=True)
class Request:
    """One request, to a path of the submission's own server and nowhere else."""

    path: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    cookies: str | None = None  # in a session: what its jar holds for this path, perhaps nothing

    def curl(self, port: int) -> str:
        """The same request as a command a student can type, against a port published on loopback."""
        return curl.command(
            method=self.method,
            url=f"http://127.0.0.1:{port}{self.path}",
            headers=self.headers,
            body=self.body,
            jar=self.cookies is not None,
        )


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back; redirects are answers like any other, and are never followed."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes  # unpacked where it came compressed in a way that is known here
    truncated: bool  # the body was longer than BODY_LIMIT
    seconds: float
    coding: str = ""  # the Content-Encoding that it came in
    host: str = ""  # the Host that was asked

    @property
    def charset(self) -> str:
        """The charset that the answer says it is in, where it is one of the usual; else UTF-8."""
        found = CHARSET.search(self.header("Content-Type") or "")
        name = found[1].lower() if found else ""
        return name if name in CHARSETS else "utf-8"

    @property
    def text(self) -> str:
        return self.body.decode(self.charset, "replace")

    def header(self, name: str) -> str | None:
        """The first header of that name, whatever its case."""
        return next(iter(self.all_headers(name)), None)

    def all_headers(self, name: str) -> tuple[str, ...]:
        return tuple(value for key, value in self.headers if key.lower() == name.lower())


class NoAnswer(Exception):
    """No HTTP answer came; `reason` is one of "refused", "unreachable", "closed", "timeout", "not-http"."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


def send(host: str, port: int, request: Request, *, deadline: Deadline | None = None) -> Answer:
    """Send one request and read the whole answer before `deadline`, by default within DEADLINE seconds in all.

    A time-out of the socket's own counts from the last byte, so a server that drips one byte a second would hold the
    grader for ever. Here each wait is for what is left of the deadline.

    :raises NoAnswer: nothing, not all, or not HTTP came back in time
    """
    started, deadline = time.monotonic(), deadline or Deadline(DEADLINE)
    try:
        with socket.create_connection((host, port), timeout=deadline.left()) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            headers = _headers(host, port, request)
            _ask(connection, request, headers, deadline)
            response = _begin(Stream(connection, deadline), request.method)
            return _read(response, host=headers["Host"], started=started)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise _no_answer(error, deadline.seconds) from error


def _headers(host: str, port: int, request: Request) -> dict[str, str]:
    """All headers of the request; one that it names itself, in whatever case, stands in place of ours."""
    name = f"[{host}]" if ":" in host else host
    headers = {"Host": name if port == http.client.HTTP_PORT else f"{name}:{port}"} | HEADERS
    if request.cookies:
        headers["Cookie"] = request.cookies
    ours = {name.lower(): name for name in headers}
    return headers | {ours.get(name.lower(), name): value for name, value in request.headers.items()}


def _ask(connection: socket.socket, request: Request, headers: Mapping[str, str], deadline: Deadline) -> None:
    client = http.client.HTTPConnection("")  # never connects by itself: it has its socket
    client.sock = connection
    connection.settimeout(deadline.left())
    # As UTF-8, which is what curl in a terminal sends.
    sent = {name: value.encode() for name, value in headers.items()}
    # A server may refuse a body before it has read it whole; its answer is there to be read all the same.
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        client.request(request.method, request.path, body=request.body or None, headers=sent)


def _begin(stream: Stream, method: str) -> http.client.HTTPResponse:
    """The answer that counts, read as far as its headers."""
    for _ in range(INTERIM_LIMIT + 1):
        response = http.client.HTTPResponse(cast(socket.socket, stream), method=method)
        response.begin()
        if stream.at_end:  # http.client takes headers that break off for all there are
            raise ConnectionError
        if response.status >= 200 or response.status == HTTPStatus.SWITCHING_PROTOCOLS:
            return response
    raise http.client.HTTPException(f"more than {INTERIM_LIMIT} answers of 1xx")


def _read(response: http.client.HTTPResponse, *, host: str, started: float) -> Answer:
    body = response.read(BODY_LIMIT + 1)
    if response.length and len(body) <= BODY_LIMIT:
        raise http.client.IncompleteRead(body, response.length)
    coding = response.getheader("Content-Encoding", "").strip().lower()
    plain, more = unpack(body[:BODY_LIMIT], coding, BODY_LIMIT) or (body[:BODY_LIMIT], False)
    return Answer(
        status=response.status,
        headers=tuple((name, _header_text(value)) for name, value in response.getheaders()),
        body=plain,
        truncated=more or len(body) > BODY_LIMIT,
        seconds=time.monotonic() - started,
        coding="" if coding == "identity" else coding,
        host=host,
    )


def _header_text(value: str) -> str:
    """A header's value on one line; http.client reads the bytes as latin-1, and most servers write UTF-8."""
    with contextlib.suppress(UnicodeError):
        value = value.encode("latin-1").decode()
    return FOLD.sub(" ", value)


def _no_answer(error: Exception, seconds: float) -> NoAnswer:
    if isinstance(error, TimeoutError):
        return NoAnswer("timeout", f"no complete answer within {seconds:g} s")
    if isinstance(error, ConnectionRefusedError):
        return NoAnswer("refused", "connection refused: nothing listens on that port")
    if isinstance(error, ConnectionError | http.client.RemoteDisconnected | http.client.IncompleteRead):
        return NoAnswer("closed", "the connection was closed before the answer was complete")
    if isinstance(error, OSError):
        return NoAnswer("unreachable", f"the address cannot be reached: {error.strerror or error}")
    return NoAnswer("not-http", f"what came back is not HTTP: {str(error)[:QUOTE_LIMIT] or type(error).__name__}")
