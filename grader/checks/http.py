"""The `http` check: one request, and what its answer must and must not be."""

from collections.abc import Iterator

from grader.checks.base import Check, Subject
from grader.checks.request import header_faults, method_fault, path_fault
from grader.http import Answer, NoAnswer, Request
from grader.report import Result
from grader.words import KNOWN, draw, fill, placeholders, slips

EVIDENCE_LIMIT = 4_000  # characters of a body that a diagnosis looks at


class HttpCheck(Check, frozen=True, kw_only=True, tag="http"):
    """Sends one request; every assertion that is given must hold, and one is enough.

    `{word}`, `{other_word}` and `{number}` in path, headers, data, body, contains and excludes are fresh in every run.
    """

    path: str
    method: str = "GET"
    headers: dict[str, str] = {}
    data: str = ""
    status: int | tuple[int, ...] = ()
    body: str | None = None  # the whole body, to the last newline
    contains: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    answer_headers: dict[str, str] = {}

    @property
    def statuses(self) -> tuple[int, ...]:
        return (self.status,) if isinstance(self.status, int) else self.status

    def asks(self) -> str:
        wanted = [f"status {' or '.join(map(str, self.statuses))}"] if self.statuses else []
        if self.body is not None:
            wanted.append(f"the body {_literal(self.body)}")
        wanted += [f"{_literal(text)} in the body" for text in self.contains]
        wanted += [f"no {_literal(text)} in the body" for text in self.excludes]
        wanted += [f"the header {name}: {value}" for name, value in self.answer_headers.items()]
        asked = f"{self.method} {self.path} answers with {', '.join(wanted)}"
        fresh = sorted(placeholders(asked) & KNOWN)
        return f"{asked}, where {', '.join(f'{{{name}}}' for name in fresh)} is new in every run" if fresh else asked

    def faults(self) -> Iterator[tuple[str, str]]:
        if not (self.statuses or self.body is not None or self.contains or self.excludes or self.answer_headers):
            yield "", "asserts nothing and can never fail: add status, body, contains, excludes or answer_headers"
        if fault := path_fault("path", self.path):
            yield "path", fault
        if fault := method_fault(self.method):
            yield "method", fault
        for status in self.statuses:
            if not 100 <= status <= 599:
                yield "status", f"status = {status} is not between 100 and 599"
        for name, headers in (("headers", self.headers), ("answer_headers", self.answer_headers)):
            yield from ((name, fault) for fault in header_faults(name, headers))
        yield from self._text_faults()
        yield from self._placeholder_faults()

    def _text_faults(self) -> Iterator[tuple[str, str]]:
        for name, texts in (("contains", self.contains), ("excludes", self.excludes)):
            if "" in texts:
                yield name, f"{name}: an empty text is in every body: leave it out"
        for unwanted in filter(None, self.excludes):
            if any(unwanted in wanted for wanted in (*self.contains, self.body or "")):
                yield "excludes", f"excludes {unwanted!r}, which body or contains asks for: nothing could pass"

    def _placeholder_faults(self) -> Iterator[tuple[str, str]]:
        # A path or a header has no braces of its own; JSON or a style sheet has, so there only a near miss is one.
        strict = {"path": (self.path,), "headers": tuple(self.headers.values())}
        free = {
            "data": (self.data,),
            "body": (self.body or "",),
            "contains": self.contains,
            "excludes": self.excludes,
            "answer_headers": tuple(self.answer_headers.values()),
        }
        for name, texts in (strict | free).items():
            for slip, meant in slips(*texts).items():
                yield name, f"{name}: unknown placeholder {{{slip}}}, did you mean {{{meant}}}?"
        for name, texts in strict.items():
            for unknown in sorted(placeholders(*texts) - KNOWN):
                known = ", ".join(f"{{{each}}}" for each in sorted(KNOWN))
                yield name, f"{name}: unknown placeholder {{{unknown}}}: the known ones are {known}"

    def run(self, subject: Subject) -> Result:
        generator = subject.random(self.id)
        values = draw(generator)
        request = self._request(values)
        asked, expected = subject.curl(request), self._expected(values)
        try:
            answer = subject.request(request)
        except NoAnswer as none:
            evidence = {"reason": none.reason, "path": request.path}
            return self.failed(asked=asked, expected=expected, got=str(none), evidence=evidence)
        fault = self._fault(answer, values)
        if not fault:
            return self.passed(asked=asked, got=f"{answer.status} in {answer.seconds * 1000:.0f} ms")
        evidence = self._evidence(answer, values, fault) | self._repeated(subject, draw(generator), answer)
        return self.failed(asked=asked, expected=expected, got=self._got(answer, values, fault), evidence=evidence)

    def _request(self, values: dict[str, str]) -> Request:
        headers = {name: fill(value, values) for name, value in self.headers.items()}
        body = fill(self.data, values).encode()
        return Request(path=fill(self.path, values), method=self.method, headers=headers, body=body)

    def _fault(self, answer: Answer, values: dict[str, str]) -> str:
        """The name of the first assertion that does not hold, or nothing."""
        text = answer.text
        if self.statuses and answer.status not in self.statuses:
            return "status"
        for name, value in self.answer_headers.items():
            if answer.header(name) != fill(value, values):
                return "header"
        if self.body is not None and answer.body != fill(self.body, values).encode():
            return "body"
        if any(fill(part, values) not in text for part in self.contains):
            return "contains"
        if any(fill(part, values) in text for part in self.excludes):
            return "excludes"
        return ""

    def _expected(self, values: dict[str, str]) -> str:
        lines = [" or ".join(map(str, self.statuses))] if self.statuses else []
        lines += [f"{name}: {fill(value, values)}" for name, value in self.answer_headers.items()]
        lines += [f"a body with {_literal(fill(part, values))}" for part in self.contains]
        lines += [f"a body without {_literal(fill(part, values))}" for part in self.excludes]
        if self.body is not None:
            lines += ["", fill(self.body, values)]
        return "\n".join(lines)

    def _got(self, answer: Answer, values: dict[str, str], fault: str) -> str:
        headers = [f"{name}: {answer.header(name)}" for name in self.answer_headers]
        body = answer.text
        if fault == "excludes":  # a page may be long: its lines that matter
            unwanted = [fill(part, values) for part in self.excludes]
            body = "\n".join(line.strip() for line in body.splitlines() if any(part in line for part in unwanted))
        return "\n".join([str(answer.status), *headers, "", body])

    def _evidence(self, answer: Answer, values: dict[str, str], fault: str) -> dict[str, str]:
        evidence = {
            "fault": fault,
            "path": fill(self.path, values),
            "status": str(answer.status),
            "body": answer.text[:EVIDENCE_LIMIT],
            "content_type": answer.header("Content-Type") or "",
            "server": answer.header("Server") or "",
            "location": answer.header("Location") or "",
        }
        if self.body is not None and fault == "body":
            evidence["difference"] = _difference(fill(self.body, values), answer.text)
        return evidence

    def _repeated(self, subject: Subject, values: dict[str, str], answer: Answer) -> dict[str, str]:
        """Whether another word brings the very same answer: then it was typed in, not made from the request."""
        if "{" not in self.path or not answer.body:
            return {}
        try:
            again = subject.request(self._request(values))
        except NoAnswer:
            return {}
        same = (again.status, again.body) == (answer.status, answer.body)
        return {"repeated": "yes"} if same else {}


def _difference(expected: str, got: str) -> str:
    """In which one respect the two texts differ, where it is only one."""
    if got == expected:
        return ""
    if got + "\n" == expected:
        return "newline missing"
    if got == expected + "\n":
        return "newline too many"
    if got.replace("\r\n", "\n") == expected:
        return "carriage return"
    if "".join(got.split()) == "".join(expected.split()):
        return "white space"
    if got.strip().casefold() == expected.strip().casefold():
        return "case"
    return "text"


def _literal(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"') + '"'
