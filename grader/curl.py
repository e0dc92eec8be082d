"""Writes a request as the curl command that a student can type into bash, to get what the grader got."""

import re
import shlex
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode

FORM = "application/x-www-form-urlencoded"
JAR = "jar"  # the file in which curl keeps a session's cookies
PLAIN = re.compile(r"[\w.~-]+", re.ASCII)  # a form field's name that curl sends as it stands
VARIABLE = re.compile(r"shell-variable-([a-z0-9_]+)-")
DOTS = re.compile(r"/\.{1,2}(?:[/?]|$)")  # curl would resolve these, and the grader does not


def variable(name: str) -> str:
    """What stands for a shell's variable in the parts of a request, until `command` writes it as "$name"."""
    return f"shell-variable-{name}-"


def encoded(fields: list[tuple[str, str]]) -> str:
    """Fields in the form in which `curl --data-urlencode` sends them, byte for byte."""
    return urlencode(fields)


def command(*, method: str, url: str, headers: Mapping[str, str], body: bytes, jar: bool = False) -> str:
    """The command for one request; with `jar`, it takes its cookies from that file and leaves new ones there."""
    words = ["curl", "-i"]
    if method == "HEAD":
        words = ["curl", "-I"]  # with -X HEAD, curl waits for a body that never comes
    elif method != "GET" or body:
        words += ["-X", method]
    if jar:
        words += ["-b", JAR, "-c", JAR]
    fields = _fields(headers, body)
    names = {name.lower() for name in headers}
    for name, value in headers.items():
        if not (fields and name.lower() == "content-type"):  # curl says so by itself
            words += ["-H", f"{name}: {value}" if value else f"{name};"]
    if body and "content-type" not in names:
        words += ["-H", "Content-Type:"]  # without this, curl would call the body a form
    if "accept-encoding" in names:
        words.append("--compressed")
    words += fields or ["--data-raw", body.decode("utf-8", "replace")] if body else []
    if re.search(r"[\[\]{}]", url):
        words.append("--globoff")
    if DOTS.search(url):
        words.append("--path-as-is")
    return " ".join(map(quoted, [*words, url]))


def quoted(word: str) -> str:
    """The word as bash reads it back, on one line whatever it holds."""
    pieces = VARIABLE.split(word)
    # Every other piece is a name: it was between two others.
    return "".join(f'"${piece}"' if number % 2 else _piece(piece) for number, piece in enumerate(pieces)) or "''"


def _piece(text: str) -> str:
    if not text:
        return ""
    if all(character.isprintable() for character in text):
        return shlex.quote(text)
    escaped = text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n").replace("\t", "\\t")
    return "$'" + "".join(each if each.isprintable() else _named(each) for each in escaped) + "'"


def _named(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _fields(headers: Mapping[str, str], body: bytes) -> list[str]:
    """The options that send the same form, where the body is one that curl can put together again."""
    kind = next((value for name, value in headers.items() if name.lower() == "content-type"), "")
    text = body.decode("utf-8", "replace")
    fields = parse_qsl(text, keep_blank_values=True) if kind == FORM else []
    if not fields or encoded(fields) != text or not all(PLAIN.fullmatch(name) for name, _ in fields):
        return []
    return [word for name, value in fields for word in ("--data-urlencode", f"{name}={value}")]
