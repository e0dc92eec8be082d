"""What counts as the same output, and what does not."""

import pytest

from .transcript import agrees, as_shown, difference


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        pytest.param("", "", id="nothing"),
        pytest.param("hello", "hello\n", id="equal"),
        pytest.param("...", "", id="any-lines-none"),
        pytest.param("...", "a\n\nb\n", id="any-lines"),
        pytest.param("a\n...\nz", "a\nb\nc\nz\n", id="lines-between"),
        pytest.param("...\nz", "a\nz\nb\nz\n", id="the-last-of-two"),
        pytest.param("a\n...\nb\n...", "a\nb\nb\n", id="two-ellipses"),
        pytest.param("Server Version: ...", "Server Version: 26.1.5\n", id="within-a-line"),
        pytest.param("... port 5000...", "* on port 5000 (Press)\n", id="both-ends"),
        pytest.param("f1e2d3c4b5a6", "0123456789ab\n", id="short-id"),
        pytest.param("0" * 64, "a1" * 32 + "\n", id="long-id"),
        pytest.param("Up 2 seconds", "Up About a minute\n", id="age"),
        pytest.param("3 minutes ago", "Less than a second ago\n", id="ago"),
        pytest.param("[20/Nov/2026 10:00:00] GET", "[21/Dec/2027 11:12:13] GET\n", id="log-time"),
        pytest.param("Date: Fri, 20 Nov 2026 10:00:00 GMT", "Date: Mon, 01 Feb 2027 00:00:00 GMT\n", id="http-date"),
        pytest.param("at 2026-11-20T10:00:00Z", "at 2026-11-21T01:02:03Z\n", id="iso-time"),
        pytest.param("built in 1.5s", "built in 12.75s\n", id="seconds"),
        pytest.param("hello  latest  125MB", "hello  latest  1.08GB\n", id="size"),
        pytest.param("http://172.17.0.2:5000", "http://172.18.0.11:5000\n", id="address"),
        pytest.param("127.0.0.1:32768->5000/tcp", "127.0.0.1:49153->5000/tcp\n", id="ephemeral-port"),
        pytest.param("NAME   STATUS", "NAME       STATUS   \n", id="column-width"),
    ],
)
def test_these_agree(expected, got):
    assert agrees(expected.split("\n"), as_shown(got))


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        pytest.param("", "hello\n", id="unexpected-output"),
        pytest.param("hello", "", id="silence"),
        pytest.param("hello", "hello\nworld\n", id="surplus"),
        pytest.param("a\n...\nz", "a\nb\n", id="end-missing"),
        pytest.param("a\n\nb", "a\nb\n", id="blank-line-missing"),
        pytest.param("  indented", "indented\n", id="indentation"),
        pytest.param("127.0.0.1:5000", "0.0.0.0:5000\n", id="loopback-is-not-everywhere"),
        pytest.param("8080->5000/tcp", "8081->5000/tcp\n", id="chosen-port"),
        pytest.param("Exited (0)", "Exited (137)\n", id="exit-code"),
        pytest.param("Hello, Ada!", "Hello, Bob!\n", id="word"),
        pytest.param("a.c", "abc\n", id="a-dot-is-a-dot"),
    ],
)
def test_these_do_not(expected, got):
    assert not agrees(expected.split("\n"), as_shown(got))


@pytest.mark.parametrize(
    ("printed", "shown"),
    [
        pytest.param("\x1b[31m\x1b[1mWARNING\x1b[0m: dev\n", ("WARNING: dev",), id="colors"),
        pytest.param("10%\r100%\r\n", ("100%",), id="overwritten"),
        pytest.param("bash: line 7: nope: command not found\n", ("bash: nope: command not found",), id="line-number"),
        pytest.param("a\n\n\n", ("a",), id="blank-end"),
    ],
)
def test_as_shown(printed, shown):
    assert as_shown(printed) == shown


def test_the_difference_names_only_what_matters():
    shown = difference(["Up 2 seconds", "Hello, Ada!"], ["Up 5 minutes", "Hello, Bob!"])
    assert "-Hello, Ada!" in shown
    assert "+Hello, Bob!" in shown
    assert " Up 2 seconds" in shown
    assert "minutes" not in shown
