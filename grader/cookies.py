"""The cookies of one session, kept and sent back as a browser does, in bounded number and size."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime

COUNT_LIMIT = 50
SIZE_LIMIT = 4096  # bytes of a name with its value: browsers ignore what is larger
LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})  # the names under which a student asks the same app


@dataclass(frozen=True, kw_only=True)
class Cookie:
    """One Set-Cookie header; the names of its attributes are in lower case."""

    name: str
    value: str
    attributes: Mapping[str, str] = field(default_factory=dict)

    def has(self, flag: str) -> bool:
        """Whether it carries an attribute: "HttpOnly", or "SameSite=Lax" with its value."""
        name, equals, value = flag.partition("=")
        came = self.attributes.get(name.strip().lower())
        return came is not None and (not equals or came.lower() == value.strip().lower())

    @property
    def expired(self) -> bool:
        """Whether the server takes it back: Max-Age counts, then Expires."""
        age = self.attributes.get("max-age", "")
        if age.removeprefix("-").isdigit() and age.isascii():
            return age.startswith("-") or not age.strip("0")
        try:
            return parsedate_to_datetime(self.attributes["expires"]).timestamp() <= time.time()
        except (KeyError, TypeError, ValueError, OverflowError, OSError):  # none, or no date
            return False


def parse(header: str) -> Cookie | None:
    """The cookie that a Set-Cookie header sets; None where it sets none. http.cookies refuses what browsers take."""
    pair, *rest = header.split(";")
    name, equals, value = pair.partition("=")
    if not equals or not name.strip() or not header.isprintable():
        return None
    attributes: dict[str, str] = {}
    for part in rest[:COUNT_LIMIT]:
        key, _, text = part.partition("=")
        attributes[key.strip().lower()] = text.strip()
    return Cookie(name=name.strip(), value=value.strip(), attributes=attributes)


class Jar:
    """What a session's answers have set so far."""

    def __init__(self) -> None:
        self._cookies: dict[tuple[str, str], Cookie] = {}  # by name and path
        self._facts: dict[str, str] = {}

    @property
    def facts(self) -> Mapping[str, str]:
        """Why cookies were not sent back: "secure_cookie", "large_cookie" and "foreign_cookie" say "yes"."""
        return dict(self._facts)

    def keep(self, headers: Iterable[str], path: str, host: str) -> None:
        """Take what an answer to a request for `path` sets, and drop what it takes back."""
        for header in headers:
            cookie = parse(header)
            if cookie is None or not self._takes(cookie, host):
                continue
            place = cookie.attributes.get("path", "")
            key = (cookie.name, place if place.startswith("/") else _folder(path))
            self._cookies.pop(key, None)
            if not cookie.expired and len(self._cookies) < COUNT_LIMIT:
                self._cookies[key] = cookie

    def header(self, path: str) -> str:
        """The value of the Cookie header of a request for `path`; nothing where no cookie belongs there."""
        sent = []
        for (name, place), cookie in sorted(self._cookies.items(), key=lambda item: -len(item[0][1])):
            if not _below(path, place):
                continue
            if "secure" in cookie.attributes:  # requests go by plain http
                self._facts["secure_cookie"] = "yes"
            else:
                sent.append(f"{name}={cookie.value}")
        return "; ".join(sent)

    def value(self, name: str) -> str | None:
        """The value of the cookie of that name that was set last, wherever it belongs."""
        return next((cookie.value for cookie in reversed(self._cookies.values()) if cookie.name == name), None)

    def _takes(self, cookie: Cookie, host: str) -> bool:
        domain = cookie.attributes.get("domain", "").lower().removeprefix(".")
        asked = host.rpartition(":")[0] or host
        if domain and domain not in LOOPBACK and domain != asked.lower():
            self._facts["foreign_cookie"] = "yes"
            return False
        if len(cookie.name.encode()) + len(cookie.value.encode()) > SIZE_LIMIT:
            self._facts["large_cookie"] = "yes"
            return False
        return True


def _folder(path: str) -> str:
    """Where a cookie belongs that names no path: the folder of what was asked for."""
    return path.partition("?")[0].rpartition("/")[0] or "/"


def _below(path: str, place: str) -> bool:
    asked = path.partition("?")[0]
    return asked == place or asked.startswith(place if place.endswith("/") else f"{place}/")
