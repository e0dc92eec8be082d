"""The HTTP client, against servers that mean it ill: each is a real socket that says something of its own."""

import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from grader import http
from grader.http import NoAnswer, Request, send

Serve = Callable[[Callable[[socket.socket], None]], int]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start a server that hands each connection to a function; returns its port."""
    listeners = []

    def start(talk: Callable[[socket.socket], None]) -> int:
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)

        def accept() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    try:
                        talk(connection)
                    except OSError:  # the client hung up, as it should
                        continue

        threading.Thread(target=accept, daemon=True).start()
        return int(listener.getsockname()[1])

    yield start
    for listener in listeners:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def says(*parts: bytes, pause: float = 0.0) -> Callable[[socket.socket], None]:
    def talk(connection: socket.socket) -> None:
        connection.recv(65536)
        for part in parts:
            connection.sendall(part)
            time.sleep(pause)

    return talk


OK = b"HTTP/1.1 200 OK\r\n"


def test_an_answer_is_read_whole(serve: Serve) -> None:
    port = serve(says(OK, b"X-Ship: Beagle\r\nContent-Length: 5\r\n\r\n", b"ahoy\n"))
    answer = send("127.0.0.1", port, Request(path="/"))
    assert (answer.status, answer.body, answer.header("x-ship")) == (200, b"ahoy\n", "Beagle")
    assert not answer.truncated


def test_the_request_looks_like_anybodys(serve: Serve) -> None:
    seen = []

    def talk(connection: socket.socket) -> None:
        seen.append(connection.recv(65536))
        connection.sendall(OK + b"Content-Length: 0\r\n\r\n")

    request = Request(path="/x", method="POST", headers={"Host": "localhost"}, body=b"a=1")
    send("127.0.0.1", serve(talk), request)
    lines = seen[0].split(b"\r\n")
    assert lines[0] == b"POST /x HTTP/1.1"
    assert b"Host: localhost" in lines
    assert b"Accept-Encoding: identity" in lines
    assert seen[0].count(b"Host:") == 1


def test_a_redirect_is_an_answer_and_is_not_followed(serve: Serve) -> None:
    port = serve(says(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n"))
    answer = send("127.0.0.1", port, Request(path="/"))
    assert (answer.status, answer.header("Location")) == (302, "http://127.0.0.1:9/")


def test_an_endless_body_is_cut(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "BODY_LIMIT", 1000)

    def talk(connection: socket.socket) -> None:
        connection.sendall(OK + b"\r\n")
        while True:
            connection.sendall(b"x" * 65536)

    answer = send("127.0.0.1", serve(talk), Request(path="/"))
    assert (len(answer.body), answer.truncated) == (1000, True)


@pytest.mark.parametrize(
    "talk",
    [
        says(OK, *[b"x"] * 1000, pause=0.05),
        says(*[bytes([byte]) for byte in OK + b"X: y\r\n" * 100], pause=0.05),
        says(OK + b"Content-Length: 100000\r\n\r\n", *[b"x"] * 1000, pause=0.05),
        says(*[b"HTTP/1.1 100 Continue\r\n\r\n"] * 1000, pause=0.05),
        lambda connection: time.sleep(3),
    ],
    ids=["slow headers", "one byte at a time", "slow body", "continue for ever", "silence"],
)
def test_the_deadline_counts_for_all_of_it(serve: Serve, talk: Callable[[socket.socket], None]) -> None:
    with pytest.raises(NoAnswer) as caught:
        send("127.0.0.1", serve(talk), Request(path="/"), deadline=0.3)
    assert caught.value.reason == "timeout"
    assert str(caught.value) == "no complete answer within 0.3 s"


@pytest.mark.parametrize(
    ("talk", "reason"),
    [
        (says(), "closed"),
        (says(OK + b"Content-Length: 10\r\n\r\nshort"), "closed"),
        (says(b"220 mail.example ESMTP\r\n"), "not-http"),
        (says(OK + b"".join(b"X-%d: y\r\n" % number for number in range(500)) + b"\r\n"), "not-http"),
        (says(OK + b"X: " + b"y" * 200_000 + b"\r\n\r\n"), "not-http"),
        (says(OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n"), "closed"),
    ],
    ids=["hangs up", "shorter than it says", "another protocol", "500 headers", "a long header", "a broken chunk"],
)
def test_what_is_no_answer_says_why(serve: Serve, talk: Callable[[socket.socket], None], reason: str) -> None:
    with pytest.raises(NoAnswer) as caught:
        send("127.0.0.1", serve(talk), Request(path="/"))
    assert caught.value.reason == reason


def test_nothing_listening_is_refused() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(NoAnswer, match="connection refused: nothing listens on that port"):
        send("127.0.0.1", port, Request(path="/"))


@pytest.mark.parametrize(
    ("request_", "line"),
    [
        (Request(path="/"), "curl -i http://127.0.0.1:8080/"),
        (Request(path="/a?b=c&d=e"), "curl -i 'http://127.0.0.1:8080/a?b=c&d=e'"),
        (Request(path="/", headers={"Host": "localhost"}), "curl -i -H 'Host: localhost' http://127.0.0.1:8080/"),
        (
            Request(path="/", method="POST", body=b'{"a": "it\'s"}'),
            """curl -i -X POST --data-binary '{"a": "it'"'"'s"}' http://127.0.0.1:8080/""",
        ),
    ],
    ids=["plain", "query", "header", "body"],
)
def test_the_curl_line_can_be_typed(request_: Request, line: str) -> None:
    assert request_.curl(8080) == line
