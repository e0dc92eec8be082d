"""The `http` check: one request, and what its answer must and must not be."""

from collections.abc import Mapping

from grader.checks.base import Check, Subject
from grader.checks.exchange import Exchange, Fields
from grader.checks.slips import Faults
from grader.http import Answer, NoAnswer
from grader.report import Result
from grader.words import draw, newness


class HttpCheck(Check, frozen=True, kw_only=True, tag="http"):
    """Sends one request and judges its answer; the fields are those of an `Exchange`, which says what they mean."""

    # A struct cannot be made of two: tests/test_exchange.py holds these to the fields of Exchange.
    path: str
    method: str | None = None
    query: Fields = {}
    headers: dict[str, str] = {}
    data: str = ""
    form: Fields = {}
    json: str = ""

    status: int | tuple[int, ...] = ()
    body: str | None = None
    contains: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    matches: tuple[str, ...] = ()
    answer_json: str = ""
    answer_headers: dict[str, str] = {}
    absent_headers: tuple[str, ...] = ()
    cookies: dict[str, tuple[str, ...]] = {}

    @property
    def exchange(self) -> Exchange:
        return Exchange(**{name: getattr(self, name) for name in Exchange.__struct_fields__})

    def asks(self) -> str:
        asked = self.exchange.asks()
        return asked + newness(asked)

    def faults(self) -> Faults:
        yield from self.exchange.faults()

    def run(self, subject: Subject) -> Result:
        exchange, generator = self.exchange, subject.random(self.id)
        done = exchange.perform(subject, draw(generator))
        if not done.fault:
            return self.passed(asked=done.asked, got=done.got)
        evidence = dict(done.evidence)
        if done.answer and _repeats(exchange, subject, draw(generator), done.answer):
            evidence["repeated"] = "yes"
        return self.failed(asked=done.asked, expected=done.expected, got=done.got, evidence=evidence)


def _repeats(exchange: Exchange, subject: Subject, values: Mapping[str, str], answer: Answer) -> bool:
    """Whether another word brings the very same answer: then it was typed in, not made from the request."""
    request = exchange.request(values)
    if "{" not in exchange.target or not answer.body or answer.truncated:
        return False
    try:
        again = subject.request(request)
    except NoAnswer:
        return False
    return (again.status, again.body) == (answer.status, answer.body)
