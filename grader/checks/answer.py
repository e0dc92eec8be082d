"""Judges an answer: which assertion does not hold first, what was expected, and what came, as facts and as text."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING
from urllib.parse import unquote

from grader import cookies
from grader.checks import jsontext, pattern
from grader.checks.location import site_path
from grader.checks.wording import Values, head
from grader.difference import difference
from grader.http import Answer
from grader.words import fill, fill_json

if TYPE_CHECKING:  # it imports this module
    from grader.checks.exchange import Exchange

EVIDENCE_LIMIT = 4_000  # characters of a body that a diagnosis looks at
SHOWN_LIMIT = 20_000  # characters of a body in a report, beyond the length of what was expected


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The first assertion that does not hold: `fault` is its name, or nothing where all hold."""

    fault: str = ""
    expected: str = ""  # in place of the whole exchange's, where it can be said more closely
    got: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


def judge(exchange: "Exchange", answer: Answer, values: Values, path: str) -> Verdict:
    """Look at each assertion in turn, the cheap ones first; `path` is what was asked for."""
    case = _Case(exchange=exchange, answer=answer, values=values, path=path)
    return next(chain(case.head(), case.body(), case.matches(), case.json(), case.length()), Verdict())


def evidence(answer: Answer, path: str, verdict: Verdict) -> dict[str, str]:
    """The facts of an answer that was judged wrong."""
    facts = {
        "fault": verdict.fault,
        "path": path,
        "status": str(answer.status),
        "body": answer.text[:EVIDENCE_LIMIT],
        "content_type": answer.header("Content-Type") or "",
        "server": answer.header("Server") or "",
        "location": answer.header("Location") or "",
    }
    told = {
        "set_cookie": " | ".join(map(_named, answer.all_headers("Set-Cookie"))),
        "coding": answer.coding,
        "truncated": "yes" if answer.truncated else "",
    }
    return facts | {name: text for name, text in told.items() if text} | dict(verdict.facts)


@dataclass(frozen=True, kw_only=True)
class _Case:
    """An answer, and what was asked of it; each method yields what does not hold."""

    exchange: "Exchange"
    answer: Answer
    values: Values
    path: str

    def head(self) -> Iterator[Verdict]:
        exchange, answer = self.exchange, self.answer
        if exchange.statuses and answer.status not in exchange.statuses:
            yield self._verdict("status")
        for name, value in exchange.answer_headers.items():
            if not self._has(name, fill(value, self.values)):
                yield self._verdict("header", header=name)
        for name in exchange.absent_headers:
            if answer.header(name) is not None:
                yield self._verdict("absent-header", header=name)
        came = list(filter(None, map(cookies.parse, answer.all_headers("Set-Cookie"))))
        for name, flags in exchange.cookies.items():
            if not any(cookie.name == name and all(map(cookie.has, flags)) for cookie in came):
                yield self._verdict("cookie")

    def body(self) -> Iterator[Verdict]:
        exchange, text = self.exchange, self.answer.text
        if exchange.body is not None and not self._is(whole := fill(exchange.body, self.values)):
            yield self._verdict("body", difference=difference(whole, text))
        for part in exchange.contains:
            if fill(part, self.values) not in text:
                yield self._verdict("contains", lacks=fill(part, self.values))
        unwanted = [fill(part, self.values) for part in exchange.excludes]
        if any(part in text for part in unwanted):
            # A page may be long: its lines that matter.
            lines = [line.strip() for line in text.splitlines() if any(part in line for part in unwanted)]
            yield self._verdict("excludes", body="\n".join(lines))

    def matches(self) -> Iterator[Verdict]:
        for each in self.exchange.matches:
            found = pattern.search(each, self.answer.text, self.values)
            if found.late:
                yield self._verdict("matches", body=f"not found in {pattern.SECONDS:g} s of searching", late="yes")
            elif found.match is None:
                yield self._verdict("matches")

    def json(self) -> Iterator[Verdict]:
        if not self.exchange.answer_json:
            return
        try:
            wanted = jsontext.parse(fill_json(self.exchange.answer_json, self.values))
        except jsontext.NotJson:  # what a session captured is no number, where the author's text needs one
            yield self._verdict("json", json_fault="captured")
            return
        differs = jsontext.mismatch(wanted, self.answer.text)
        if differs and differs.fault == "not-json":
            yield self._verdict("json", json_fault=differs.fault, json_place=differs.place)
        elif differs:
            above = head(self.exchange, self.values)
            yield Verdict(
                fault="json",
                expected="\n".join([*above, "", f"{differs.place}: {differs.expected}"]).removeprefix("\n"),
                got="\n".join([*(self._came() if above else ()), "", f"{differs.place}: {differs.got}"]).lstrip("\n"),
                facts={"json_fault": differs.fault, "json_place": differs.place},
            )

    def length(self) -> Iterator[Verdict]:
        """What was not read may hold what must not be there."""
        if self.answer.truncated and self.exchange.excludes:
            yield self._verdict("length", body=f"a body of more than {len(self.answer.body):,} bytes")

    def _verdict(self, fault: str, *, body: str | None = None, **facts: str) -> Verdict:
        shown = self.answer.text[: SHOWN_LIMIT + len(self.exchange.body or "")] if body is None else body
        return Verdict(fault=fault, got="\n".join([*self._came(), "", shown]), facts=facts)

    def _came(self) -> list[str]:
        """Status and headers of the answer, those that the exchange asks about."""
        exchange, answer = self.exchange, self.answer
        lines = [str(answer.status), *(f"{name}: {answer.header(name)}" for name in exchange.answer_headers)]
        lines += [f"{name}: {value}" for name in exchange.absent_headers for value in answer.all_headers(name)]
        if exchange.cookies:
            lines += [f"Set-Cookie: {_named(each)}" for each in answer.all_headers("Set-Cookie")] or ["no Set-Cookie"]
        return lines

    def _has(self, name: str, value: str) -> bool:
        came = self.answer.header(name)
        if came is not None and name.lower() == "location":
            leads = site_path(came, self.path, self.answer.host)
            return came == value or unquote(leads) == unquote(value)
        return came == value

    def _is(self, whole: str) -> bool:
        """Whether the body is this text, to the byte, in UTF-8 or in the charset that it says it is in."""
        answer = self.answer
        try:
            same = answer.body == whole.encode() or answer.body.decode(answer.charset) == whole
        except UnicodeDecodeError:
            return False
        return same and not answer.truncated


def _named(header: str) -> str:
    """A Set-Cookie header without the value, which may be a secret and is of no use to a reader."""
    pair, semicolon, rest = header.partition(";")
    return pair.partition("=")[0] + semicolon + rest
