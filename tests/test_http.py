"""The HTTP client, against servers that mean it ill: each is a real socket that says something of its own."""

import gzip
import os
import shutil
import signal
import socket
import subprocess
import threading
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from types import FrameType

import pytest

from grader import http, wire
from grader.coding import unpack
from grader.deadline import Deadline
from grader.http import Answer, NoAnswer, Request, send

Talk = Callable[[socket.socket], None]
Serve = Callable[[Talk], int]
GUARD = 30  # seconds: far more than any test here takes, for a client that hangs


@pytest.fixture(autouse=True)
def guard() -> Iterator[None]:
    """End a test in which the client waits for ever: that it must not is what these tests are about."""

    def strike(number: int, frame: FrameType | None) -> None:
        raise AssertionError(f"the client still waits after {GUARD} s")

    before = signal.signal(signal.SIGALRM, strike)
    signal.alarm(GUARD)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start a server that hands each connection to a function; returns its port."""
    listeners = []

    def start(talk: Talk) -> int:
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


def says(*parts: bytes, pause: float = 0.0) -> Talk:
    def talk(connection: socket.socket) -> None:
        connection.recv(65536)
        for part in parts:
            connection.sendall(part)
            time.sleep(pause)

    return talk


def repeats(start: bytes, part: bytes) -> Talk:
    """Says the part for ever, as fast as it is taken."""

    def talk(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(start)
        while True:
            connection.sendall(part)

    return talk


def stays(talk: Talk) -> Talk:
    """The same, and then the connection stays open, as a server's that keeps it alive."""

    def stay(connection: socket.socket) -> None:
        talk(connection)
        connection.recv(1)

    return stay


def asked(serve: Serve, talk: Talk, **request: object) -> Answer:
    return send("127.0.0.1", serve(talk), Request(**{"path": "/", **request}))


OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"


def test_an_answer_is_read_whole(serve: Serve) -> None:
    answer = asked(serve, says(OK, b"X-Ship: Beagle\r\nContent-Length: 5\r\n\r\n", b"ahoy\n"))
    assert (answer.status, answer.body, answer.header("x-ship")) == (200, b"ahoy\n", "Beagle")
    assert not answer.truncated


@pytest.mark.parametrize(
    "talk",
    [
        says(OK + b"\r\nahoy\n"),
        stays(says(OK + b"Content-Length: 5\r\n\r\nahoy\n")),
        stays(says(CHUNKED + b"2\r\nah\r\n3\r\noy\n\r\n0\r\n\r\n")),
        stays(says(CHUNKED + b"5;name=value\r\nahoy\n\r\n0\r\nTrailer: x\r\n\r\n")),
        stays(says(OK + b"Content-Length: 5\r\n\r\nahoy\nHTTP/1.1 500 Never asked for\r\n\r\n")),
        stays(says(b"HTTP/1.1 100 Continue\r\n\r\n" + OK + b"Content-Length: 5\r\n\r\nahoy\n")),
        stays(says(b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n" + OK + b"Content-Length: 5\r\n\r\nahoy\n")),
        says(b"HTTP/1.0 200 OK\r\n\r\nahoy\n"),
        says(b"HTTP/1.1 200\nContent-Length: 5\n\nahoy\n"),
        says(*[bytes([byte]) for byte in OK + b"Content-Length: 5\r\n\r\nahoy\n"]),
    ],
    ids=[
        "until it closes",
        "kept alive",
        "chunked",
        "with extensions and trailers",
        "with an answer too many behind it",
        "after 100",
        "after 103",
        "HTTP/1.0",
        "bare newlines",
        "in single bytes",
    ],
)
def test_every_honest_form_of_an_answer_is_read(serve: Serve, talk: Talk) -> None:
    answer = asked(serve, talk)
    assert (answer.status, answer.body, answer.truncated) == (200, b"ahoy\n", False)


def test_the_request_looks_like_anybodys(serve: Serve) -> None:
    seen = []

    def talk(connection: socket.socket) -> None:
        seen.append(connection.recv(65536))
        connection.sendall(OK + b"Content-Length: 0\r\n\r\n")

    request = Request(path="/x", method="POST", headers={"host": "localhost"}, body=b"a=1", cookies="session=1")
    send("127.0.0.1", serve(talk), request)
    lines = seen[0].split(b"\r\n")
    assert lines[0] == b"POST /x HTTP/1.1"
    assert b"Host: localhost" in lines
    assert b"Accept-Encoding: identity" in lines
    assert b"Cookie: session=1" in lines
    assert seen[0].lower().count(b"host:") == 1


@pytest.mark.parametrize(
    ("host", "port", "name"),
    [("172.20.0.2", 5000, "172.20.0.2:5000"), ("172.20.0.2", 80, "172.20.0.2"), ("::1", 5000, "[::1]:5000")],
    ids=["port", "the usual port", "IPv6"],
)
def test_the_host_is_named_as_a_browser_names_it(host: str, port: int, name: str) -> None:
    assert http._headers(host, port, Request(path="/"))["Host"] == name


def test_a_redirect_is_an_answer_and_is_not_followed(serve: Serve) -> None:
    visitors = []
    secret = serve(lambda connection: visitors.append(connection.recv(65536)))
    location = f"http://127.0.0.1:{secret}/"
    for status in (301, 302, 303, 307, 308):
        head = f"HTTP/1.1 {status} Elsewhere\r\nLocation: {location}\r\nRefresh: 0; url={location}\r\n"
        answer = asked(serve, says(head.encode() + b"Content-Length: 0\r\n\r\n"))
        assert (answer.status, answer.header("Location")) == (status, location)
    assert visitors == []


def test_no_proxy_of_this_machine_stands_between(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    visitors = []
    proxy = serve(lambda connection: visitors.append(connection.recv(65536)))
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{proxy}")
    assert asked(serve, says(OK + b"\r\nahoy\n")).body == b"ahoy\n"
    assert visitors == []


@pytest.mark.parametrize(
    "talk",
    [repeats(OK + b"\r\n", b"x" * 65536), repeats(CHUNKED, b"10000\r\n" + b"x" * 65536 + b"\r\n")],
    ids=["plain", "chunked"],
)
def test_an_endless_body_is_cut(serve: Serve, talk: Talk) -> None:
    answer = asked(serve, talk)
    assert (len(answer.body), answer.truncated) == (http.BODY_LIMIT, True)


def test_a_body_of_just_the_limit_is_whole(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "BODY_LIMIT", 1000)
    for length, truncated in ((1000, False), (1001, True)):
        answer = asked(serve, says(OK + b"Content-Length: %d\r\n\r\n" % length + b"x" * length))
        assert (len(answer.body), answer.truncated) == (1000, truncated)


@pytest.mark.parametrize(
    "talk",
    [
        says(OK, *[b"x"] * 1000, pause=0.05),
        says(*[bytes([byte]) for byte in OK + b"X: y\r\n" * 100], pause=0.05),
        says(OK + b"Content-Length: 100000\r\n\r\n", *[b"x"] * 1000, pause=0.05),
        says(CHUNKED, *[b"1\r\nx\r\n"] * 1000, pause=0.05),
        says(*[b"HTTP/1.1 100 Continue\r\n\r\n"] * 1000, pause=0.05),
        stays(says(OK + b"Content-Length: 10\r\n\r\nshort")),
        stays(says(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n")),
        stays(says(OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nahoy\n\r\n")),
        lambda connection: time.sleep(3),
    ],
    ids=[
        "slow headers",
        "one byte at a time",
        "slow body",
        "slow chunks",
        "continue for ever",
        "shorter than it says",
        "headers that do not end",
        "a last chunk that does not come",
        "silence",
    ],
)
def test_the_deadline_counts_for_all_of_it(serve: Serve, talk: Talk) -> None:
    with pytest.raises(NoAnswer) as caught:
        send("127.0.0.1", serve(talk), Request(path="/"), deadline=Deadline(0.3))
    assert caught.value.reason == "timeout"
    assert str(caught.value) == "no complete answer within 0.3 s"


def test_who_is_held_up_has_more_time(serve: Serve) -> None:
    def talk(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n")
        for byte in (b"o", b"k"):
            time.sleep(0.3)
            connection.sendall(byte)

    deadline = Deadline(0.3, held_up=lambda: 0.6)
    assert send("127.0.0.1", serve(talk), Request(path="/"), deadline=deadline).body == b"ok"


def test_the_deadline_counts_for_a_request_that_nobody_reads() -> None:
    # The system takes connections and some of what is sent for a program that never accepts.
    with socket.create_server(("127.0.0.1", 0)) as listener:
        request = Request(path="/", method="POST", body=b"x" * 50_000_000)
        with pytest.raises(NoAnswer) as caught:
            send("127.0.0.1", listener.getsockname()[1], request, deadline=Deadline(0.3))
    assert caught.value.reason == "timeout"


def test_an_answer_that_does_not_wait_for_the_request_is_read(serve: Serve) -> None:
    # It hangs up with most of the request unread, which resets the connection under the client.
    talk = says(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n")
    assert asked(serve, talk, method="POST", body=b"x" * 10_000_000).status == 413


def reset(connection: socket.socket) -> None:
    connection.recv(65536)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    connection.close()


@pytest.mark.parametrize(
    ("talk", "reason", "words"),
    [
        (says(), "closed", "closed before"),
        (reset, "closed", "closed before"),
        (says(OK), "closed", "closed before"),
        (says(OK + b"Content-Length: 10\r\n\r\nshort"), "closed", "closed before"),
        (says(CHUNKED + b"zz\r\n"), "closed", "closed before"),
        (says(CHUNKED + b"-5\r\nahoy\n"), "not-http", "not HTTP"),
        (says(CHUNKED + b"ffffffffff\r\nshort"), "closed", "closed before"),
        (says(CHUNKED + b"5\r\nahoy\n\r\n"), "closed", "closed before"),
        (says(b"220 mail.example ESMTP\r\n"), "not-http", "220 mail.example"),
        (says(b"<p>Hello, world!</p>\n"), "not-http", "Hello, world!"),
        (says(b"HTTP/2.0 200 OK\r\n\r\n"), "not-http", "HTTP/2.0"),
        (says(b"HTTP/1.1 2OO OK\r\n\r\n"), "not-http", "2OO"),
        (says(b"\x16\x03\x01\x00\xa5" * 100), "not-http", "not HTTP"),
        (repeats(b"", b"x" * 65536), "not-http", "more than"),
        (says(OK + b"".join(b"X-%d: y\r\n" % number for number in range(500)) + b"\r\n"), "not-http", "100 headers"),
        (repeats(OK, b"X: y\r\n"), "not-http", "100 headers"),
        (says(OK + b"X: " + b"y" * 200_000 + b"\r\n\r\n"), "not-http", "header line"),
        (repeats(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000), "not-http", "no end of the answer"),
        (repeats(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"), "not-http", "more than 20 answers of 1xx"),
        (repeats(CHUNKED, b"1;" + b"x" * 60_000 + b"\r\nx\r\n"), "not-http", "no end of the answer"),
        (repeats(CHUNKED + b"0\r\n", b"X: y\r\n" * 1000), "not-http", "no end of the answer"),
    ],
    ids=[
        "hangs up",
        "resets",
        "hangs up in its headers",
        "shorter than it says",
        "a broken chunk",
        "a chunk of less than nothing",
        "a chunk shorter than it says",
        "no last chunk",
        "another protocol",
        "no headers at all, as HTTP/0.9",
        "another version",
        "a status of letters",
        "TLS",
        "an endless first line",
        "500 headers",
        "endless headers",
        "a long header",
        "100 for ever",
        "103 for ever",
        "chunks that are all extension",
        "endless trailers",
    ],
)
def test_what_is_no_answer_says_why(serve: Serve, talk: Talk, reason: str, words: str) -> None:
    with pytest.raises(NoAnswer, match=words) as caught:
        asked(serve, talk)
    assert caught.value.reason == reason
    assert len(str(caught.value)) < 200


def test_no_more_is_read_than_the_limit(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "WIRE_LIMIT", 100_000)
    with pytest.raises(NoAnswer, match="more than 100,000 bytes"):
        asked(serve, repeats(OK + b"\r\n", b"x" * 65536))


@pytest.mark.parametrize(
    ("head", "body"),
    [
        (b"Content-Length: 99999999999999999999\r\nConnection: close", b"closed"),
        (b"Content-Length: -5", b"ahoy\n"),
        (b"Content-Length: five", b"ahoy\n"),
        (b"Content-Length: 2\r\nContent-Length: 5", b"ah"),
        (b"Content-Length: 2", b"ah"),
    ],
    ids=["more than there is", "less than nothing", "no number", "two lengths", "less than there is"],
)
def test_a_length_that_lies_is_believed_as_far_as_it_goes(serve: Serve, head: bytes, body: bytes) -> None:
    talk = says(OK + head + b"\r\n\r\nahoy\n")
    if body == b"closed":
        with pytest.raises(NoAnswer, match="closed before the answer was complete"):
            asked(serve, talk)
    else:
        assert asked(serve, talk).body == body


@pytest.mark.parametrize("method", ["HEAD", "GET"])
def test_a_body_where_none_belongs_is_left_alone(serve: Serve, method: str) -> None:
    status = b"200 OK" if method == "HEAD" else b"204 No Content"
    talk = stays(says(b"HTTP/1.1 " + status + b"\r\nContent-Length: 5\r\n\r\nahoy\n"))
    assert asked(serve, talk, method=method).body == b""


def test_an_upgrade_is_an_answer_without_a_body(serve: Serve) -> None:
    talk = repeats(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n", b"\x81\x05hello")
    answer = asked(serve, talk)
    assert (answer.status, answer.body) == (101, b"")


def raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


@pytest.mark.parametrize(
    ("coding", "body", "plain"),
    [
        ("gzip", gzip.compress(b"ahoy\n"), b"ahoy\n"),
        ("GZip ", gzip.compress(b"ahoy\n"), b"ahoy\n"),
        ("x-gzip", gzip.compress(b"ah") + gzip.compress(b"oy\n"), b"ahoy\n"),
        ("deflate", zlib.compress(b"ahoy\n"), b"ahoy\n"),
        ("deflate", raw_deflate(b"ahoy\n"), b"ahoy\n"),
        ("gzip", b"ahoy\n", b"ahoy\n"),
        ("gzip", b"", b""),
        ("br", b"\x0b\x02\x80ahoy\n\x03", b"\x0b\x02\x80ahoy\n\x03"),
        ("zstd", b"ahoy\n", b"ahoy\n"),
        ("gzip, gzip", b"ahoy\n", b"ahoy\n"),
    ],
    ids=[
        "gzip",
        "another spelling",
        "two members",
        "deflate",
        "deflate without its frame",
        "gzip that is none",
        "nothing",
        "brotli",
        "zstd",
        "twice",
    ],
)
def test_a_packed_body_is_unpacked_where_it_can_be(serve: Serve, coding: str, body: bytes, plain: bytes) -> None:
    head = f"Content-Encoding: {coding}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    answer = asked(serve, says(OK + head + body))
    assert (answer.body, answer.truncated, answer.coding) == (plain, False, coding.strip().lower())


@pytest.mark.parametrize(
    "bomb",
    [gzip.compress(b"\0" * 50_000_000), b"".join(gzip.compress(b"\0" * 100_000) for _ in range(500))],
    ids=["one member", "many members"],
)
def test_a_bomb_is_unpacked_no_further_than_the_limit(serve: Serve, bomb: bytes) -> None:
    answer = asked(serve, says(OK + b"Content-Encoding: gzip\r\n\r\n" + bomb))
    assert (len(answer.body), answer.truncated) == (http.BODY_LIMIT, True)


def test_a_bomb_takes_no_more_memory_than_the_limit() -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)
    tracemalloc.start()
    unpacked = unpack(bomb, "gzip", 1_000_000)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert unpacked == (b"\0" * 1_000_000, True)
    assert peak < 10_000_000


@pytest.mark.parametrize(
    ("kind", "body", "text"),
    [
        ("text/plain", "café".encode(), "café"),
        ("text/plain; charset=iso-8859-1", "café".encode("latin-1"), "café"),
        ('text/plain; charset="WINDOWS-1252"', "1 €".encode("cp1252"), "1 €"),
        ("text/plain; charset=utf-8", b"caf\xe9", "caf\N{REPLACEMENT CHARACTER}"),
        ("text/plain; charset=utf-16", b"\xff\xfea\0\xd8", "a\N{REPLACEMENT CHARACTER}"),
        ("text/plain; charset=zlib", b"ahoy", "ahoy"),
        ("text/plain; charset=unicode_escape", b"\\u0041", "\\u0041"),
        ("text/plain; charset=" + "x" * 5000, b"ahoy", "ahoy"),
    ],
    ids=["none named", "latin-1", "quoted", "a lie", "half a letter", "no charset", "a codec of Python's", "too long"],
)
def test_any_charset_is_text(serve: Serve, kind: str, body: bytes, text: str) -> None:
    answer = asked(serve, says(OK + f"Content-Type: {kind}\r\n\r\n".encode() + body))
    assert answer.text == text


def test_headers_are_read_as_what_they_are_written_in(serve: Serve) -> None:
    head = b"X-A: caf\xc3\xa9\r\nX-B: caf\xe9\r\nX-C: one\r\n  two\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\n\r\n"
    answer = asked(serve, says(OK + head))
    assert [answer.header(name) for name in ("x-a", "x-b", "x-c", "x-d")] == ["café", "café", "one two", None]
    assert answer.all_headers("Set-Cookie") == ("a=1", "b=2")


def test_nothing_listening_is_refused() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(NoAnswer, match="connection refused: nothing listens on that port"):
        send("127.0.0.1", port, Request(path="/"))


FORM = {"Content-Type": "application/x-www-form-urlencoded"}
REQUESTS = [
    ("plain", Request(path="/"), "curl -i http://127.0.0.1:8080/"),
    ("query", Request(path="/a?b=c&d=e"), "curl -i 'http://127.0.0.1:8080/a?b=c&d=e'"),
    (
        "header",
        Request(path="/", headers={"Host": "localhost"}),
        "curl -i -H 'Host: localhost' http://127.0.0.1:8080/",
    ),
    (
        "no value",
        Request(path="/", headers={"X-None": "", "X-Name": "café"}),
        "curl -i -H 'X-None;' -H 'X-Name: café' http://127.0.0.1:8080/",
    ),
    (
        "body",
        Request(path="/", method="POST", body=b'{"a": "it\'s"}'),
        """curl -i -X POST -H Content-Type: --data-raw '{"a": "it'"'"'s"}' http://127.0.0.1:8080/""",
    ),
    (
        "lines",
        Request(path="/", method="PUT", body=b"@one\n\ttwo's\\\x1b\n", headers={"Content-Type": "text/plain"}),
        "curl -i -X PUT -H 'Content-Type: text/plain' --data-raw $'@one\\n\\ttwo\\'s\\\\\\u001b\\n' "
        "http://127.0.0.1:8080/",
    ),
    (
        "form",
        Request(path="/", method="POST", headers=FORM, body=b"name=Ada+L.&name=%2B%26%3D%0A&none="),
        "curl -i -X POST --data-urlencode 'name=Ada L.' --data-urlencode $'name=+&=\\n' --data-urlencode none= "
        "http://127.0.0.1:8080/",
    ),
    (
        "odd form",
        Request(path="/", method="POST", headers=FORM, body=b"a+b=c&d"),
        "curl -i -X POST -H 'Content-Type: application/x-www-form-urlencoded' --data-raw 'a+b=c&d' "
        "http://127.0.0.1:8080/",
    ),
    (
        "json",
        Request(path="/", method="POST", headers={"Content-Type": "application/json"}, body=b'{"a": [1]}'),
        "curl -i -X POST -H 'Content-Type: application/json' --data-raw '{\"a\": [1]}' http://127.0.0.1:8080/",
    ),
    ("delete", Request(path="/1", method="DELETE"), "curl -i -X DELETE http://127.0.0.1:8080/1"),
    ("head", Request(path="/", method="HEAD"), "curl -I http://127.0.0.1:8080/"),
    ("braces", Request(path="/a[1]?b={c,d}"), "curl -i --globoff 'http://127.0.0.1:8080/a[1]?b={c,d}'"),
    ("dots", Request(path="/static/../app.py"), "curl -i --path-as-is http://127.0.0.1:8080/static/../app.py"),
    (
        "packed",
        Request(path="/", headers={"Accept-Encoding": "gzip"}),
        "curl -i -H 'Accept-Encoding: gzip' --compressed http://127.0.0.1:8080/",
    ),
    ("session", Request(path="/", cookies=""), "curl -i -b jar -c jar http://127.0.0.1:8080/"),
]


@pytest.mark.parametrize(("request_", "line"), [row[1:] for row in REQUESTS], ids=[row[0] for row in REQUESTS])
def test_the_curl_line_can_be_typed(request_: Request, line: str) -> None:
    assert request_.curl(8080) == line


@pytest.mark.skipif(not shutil.which("curl"), reason="no curl on PATH")
@pytest.mark.parametrize("request_", [row[1] for row in REQUESTS], ids=[row[0] for row in REQUESTS])
def test_curl_sends_the_same(serve: Serve, request_: Request) -> None:
    seen: list[bytes] = []

    def talk(connection: socket.socket) -> None:
        head, _, body = connection.recv(65536).partition(b"\r\n\r\n")
        length = next((int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")), 0)
        while len(body) < length:
            body += connection.recv(65536)
        seen.append(head + b"\r\n\r\n" + body)
        connection.sendall(OK + b"Content-Length: 0\r\n\r\n")

    port = serve(talk)
    send("127.0.0.1", port, request_)
    # In a locale of UTF-8, which is what \u in a word becomes.
    environment = {"LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"]}
    line = f"cd $(mktemp -d) && {request_.curl(port)}"
    subprocess.run(["bash", "-c", line], check=True, capture_output=True, env=environment, timeout=GUARD)
    ours, theirs = map(parts, seen)
    assert ours == theirs


def parts(message: bytes) -> tuple[bytes, set[bytes], bytes]:
    """The first line, the headers that an author may set, and the body."""
    head, _, body = message.partition(b"\r\n\r\n")
    first, *headers = head.split(b"\r\n")
    usual = (b"user-agent:", b"connection:", b"accept-encoding: identity", b"content-length: 0", b"cookie:")
    return first, {header.rstrip() for header in headers if not header.lower().startswith(usual)}, body
