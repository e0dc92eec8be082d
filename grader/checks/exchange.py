"""One request and what its answer must and must not be: what the `http` check is made of, and steps of others."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field, replace
from typing import Protocol
from urllib.parse import quote

import msgspec

from grader.checks import answer as answers
from grader.checks.slips import Faults, exchange_faults
from grader.checks.wording import expected, wanted
from grader.cookies import Jar
from grader.curl import FORM, encoded
from grader.http import Answer, NoAnswer, Request
from grader.words import KNOWN, fill, fill_json

JSON = "application/json"
IN_PATH = "/?[]@!$&'()*+,;=:%~"  # kept as they are in a value that was captured from a Location
Fields = dict[str, str | tuple[str, ...]]


class Server(Protocol):
    """What answers; a `Subject` does."""

    def request(self, request: Request) -> Answer: ...
    def curl(self, request: Request) -> str: ...


@dataclass(frozen=True, kw_only=True)
class Exchanged:
    """How one exchange went: `fault` names the assertion that did not hold, or is nothing.

    Without an answer, `fault` is "no-answer"; where a captured path leads to another site, which is not asked,
    "elsewhere".
    """

    asked: str  # a curl line
    path: str  # that was asked for
    expected: str
    got: str
    fault: str
    evidence: Mapping[str, str] = field(default_factory=dict)
    answer: Answer | None = None


class Exchange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One request; every assertion that is given must hold of its answer, and one is enough.

    `{word}`, `{other_word}` and `{number}` are fresh in every run, in whatever is sent or compared. At most one of
    `data`, `form` and `json` is the request's body. The method is GET, or POST where there is a body.
    """

    path: str  # starts with /, placeholders are filled
    method: str | None = None  # in capitals, where GET or POST is not meant
    query: Fields = {}  # added to the path, encoded; a list is the same key several times
    headers: dict[str, str] = {}  # of the request, name and value
    data: str = ""  # sent as it stands, with no Content-Type but one in `headers`
    form: Fields = {}  # sent as a browser sends a form
    json: str = ""  # a JSON text

    status: int | tuple[int, ...] = ()  # the status of the answer; a list where several are right
    body: str | None = None  # the whole body, to the last newline
    contains: tuple[str, ...] = ()  # each stands somewhere in the body
    excludes: tuple[str, ...] = ()  # none stands anywhere in the body
    matches: tuple[str, ...] = ()  # regular expressions, found anywhere in the body
    answer_json: str = ""  # a JSON text; objects in the answer may hold more than those in it
    answer_headers: dict[str, str] = {}  # the answer has them, with these values
    absent_headers: tuple[str, ...] = ()  # the answer has none of these
    cookies: dict[str, tuple[str, ...]] = {}  # name -> what Set-Cookie says of it, such as "HttpOnly", "SameSite=Lax"

    @property
    def verb(self) -> str:
        return self.method or ("POST" if self.data or self.form or self.json else "GET")

    @property
    def statuses(self) -> tuple[int, ...]:
        return (self.status,) if isinstance(self.status, int) else self.status

    def asks(self) -> str:
        """What is asked, in words for the rubric; `words.newness` says which of them are new in every run."""
        return f"{self.verb} {self.target} answers with {', '.join(wanted(self))}"

    @property
    def target(self) -> str:
        """Path and query as the author wrote them."""
        fields = [f"{name}={value}" for name, value in pairs(self.query)]
        return self.path + (f"{'&' if '?' in self.path else '?'}{'&'.join(fields)}" if fields else "")

    def faults(self, known: Set[str] = KNOWN) -> Faults:
        """What is wrong with it as its author wrote it: each fault with the field it is in, or nothing.

        :param known: the placeholders that it may use
        """
        yield from exchange_faults(self, known)

    def request(self, values: Mapping[str, str], cookies: Jar | None = None) -> Request:
        """The request with the values in it, and the cookies that a jar holds for its path."""
        safe = {name: quote(value, safe=IN_PATH) for name, value in values.items()}
        path = fill(self.path, safe)
        if self.query:
            path += ("&" if "?" in path else "?") + encoded(_filled(self.query, values))
        headers = {name: fill(value, values) for name, value in self.headers.items()}
        kind, body = "", fill(self.data, values)
        if self.form:
            kind, body = FORM, encoded(_filled(self.form, values))
        elif self.json:
            kind, body = JSON, fill_json(self.json, values)
        if kind and "content-type" not in {name.lower() for name in headers}:
            headers["Content-Type"] = kind
        sent = None if cookies is None else cookies.header(path)
        return Request(path=path, method=self.verb, headers=headers, body=body.encode(), cookies=sent)

    def perform(self, subject: Server, values: Mapping[str, str], cookies: Jar | None = None) -> Exchanged:
        """Send the request and judge its answer; a student's mistake is a fault, never an exception.

        :param values: what stands for the placeholders
        :param cookies: of a session: sends what it holds, and keeps what is set
        """
        request = self.request(values, cookies)
        done = Exchanged(
            asked=subject.curl(request), path=request.path, expected=expected(self, values), got="", fault=""
        )
        if not request.path.startswith("/"):
            evidence = {"fault": "elsewhere", "path": request.path}
            return replace(
                done, expected="a path of your own app", got=request.path, fault="elsewhere", evidence=evidence
            )
        try:
            answer = subject.request(request)
        except NoAnswer as none:
            evidence = {"reason": none.reason, "path": request.path}
            return replace(done, got=str(none), fault="no-answer", evidence=evidence)
        if cookies is not None:
            cookies.keep(answer.all_headers("Set-Cookie"), request.path, answer.host)
        verdict = answers.judge(self, answer, values, request.path)
        if not verdict.fault:
            return replace(done, got=f"{answer.status} in {answer.seconds * 1000:.0f} ms", answer=answer)
        return replace(
            done,
            expected=verdict.expected or done.expected,
            got=verdict.got,
            fault=verdict.fault,
            evidence=answers.evidence(answer, request.path, verdict),
            answer=answer,
        )


def pairs(fields: Mapping[str, str | tuple[str, ...]]) -> list[tuple[str, str]]:
    """Each key with each of its values, in order."""
    return [(name, each) for name, value in fields.items() for each in ((value,) if isinstance(value, str) else value)]


def _filled(fields: Mapping[str, str | tuple[str, ...]], values: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(name, fill(value, values)) for name, value in pairs(fields)]
