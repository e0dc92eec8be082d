"""What can be sent as a request and what cannot, so that an author's slip is found before a student meets it."""

import re
from collections.abc import Iterator, Mapping
from urllib.parse import quote

PATH = re.compile(r"/[!-~]*")  # visible ASCII
METHOD = re.compile(r"[A-Z]+")
HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
HEADER_VALUE = re.compile(r"[\t -~\xa0-\xff]*")  # latin-1 without its control characters


def path_fault(name: str, path: str) -> str:
    """What is wrong with a path, the value of the key `name`; nothing where it can be sent as it stands."""
    if not path.startswith("/"):
        return f"{name} = {path!r} must start with /"
    if not PATH.fullmatch(path):
        odd = next(character for character in path if not "!" <= character <= "~")
        return f"{name} = {path!r} holds {odd!r}: write it percent-encoded, {quote(odd)}"
    if "#" in path:
        return f"{name} = {path!r}: nothing from # on is ever sent: take it out, or write %23"
    return ""


def method_fault(method: str) -> str:
    """What is wrong with a method: a server tells `get` from `GET`."""
    if METHOD.fullmatch(method):
        return ""
    guess = method.strip().upper()
    hint = f", did you mean {guess!r}?" if METHOD.fullmatch(guess) else ", such as 'GET'"
    return f"method = {method!r}: expected upper-case letters{hint}"


def header_faults(name: str, headers: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with headers, the value of the key `name`."""
    for header, value in headers.items():
        if not HEADER_NAME.fullmatch(header):
            yield f"{name}: {header!r} is no header's name: letters, digits and hyphens alone"
        if not HEADER_VALUE.fullmatch(value):
            yield f"{name}: {header} = {value!r} holds a newline, a control character or a letter outside latin-1"
