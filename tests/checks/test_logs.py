"""The logs check, on logs that grow as the test says."""

from collections.abc import Callable

import msgspec
import pytest

from grader.checks import LogsCheck
from grader.checks.logs import since
from grader.facts import Executed, ImageFacts, Printed, Variation
from grader.http import Answer, Request
from grader.report import Outcome
from tests.checks.fakes import COMMON, FakeSubject, answer, never_up, project, silent

GREETS = {"path": "/{word}"}


def check(**assertions: object) -> LogsCheck:
    """As it is read from a file; None leaves a field out."""
    fields = {**COMMON, "kind": "logs", "before": GREETS, "contains": ["GET /{word}"], "within": 0.1, **assertions}
    return msgspec.convert({name: value for name, value in fields.items() if value is not None}, LogsCheck)


class Logging:
    """An app that prints when it is asked: `line` goes to a stream, with the path in it."""

    def __init__(self, line: str = "GET {} 200\n", stream: str = "stderr", start: str = "started\n") -> None:
        self.line, self.stream = line, stream
        self.text = {"stdout": "", "stderr": ""} | {stream: start}

    def serve(self, request: Request) -> Answer:
        self.text[self.stream] += self.line.format(request.path)
        return answer()

    def subject(self, **fields: object) -> FakeSubject:
        return FakeSubject(serve=self.serve, prints=lambda service: Printed(**self.text), **fields)


@pytest.mark.parametrize(
    ("app", "assertions"),
    [
        (Logging(), {}),
        (Logging(), {"stream": "stderr", "matches": [r"(?m)^GET /{word} \d+$"]}),
        (Logging(stream="stdout"), {"stream": "stdout", "excludes": ["{other_word}"]}),
        (Logging(), {"before": {**GREETS, "status": 200}}),
        (Logging(start="boot: Traceback\n"), {"excludes": ["Traceback"]}),
        (Logging(), {"before": None, "contains": ["started"]}),
    ],
    ids=["any stream", "standard error", "standard output", "an answer as well", "older lines", "no request"],
)
def test_logs_passes(app: Logging, assertions: dict[str, object]) -> None:
    result = check(**assertions).run(app.subject())
    assert result.outcome is Outcome.PASS
    assert result.asked.partition("; ")[2].startswith("docker logs hello") or result.asked == "docker logs hello"


@pytest.mark.parametrize(
    ("app", "assertions", "fault", "got", "facts"),
    [
        (Logging("asked\n"), {}, "contains", "asked", {}),
        (Logging(""), {}, "contains", "nothing in the log", {"silent": "yes"}),
        (
            Logging(stream="stdout"),
            {"stream": "stderr"},
            "contains",
            "it is in standard output, and not in standard error",
            {"elsewhere": "stdout", "stream": "stderr"},
        ),
        (Logging(), {"matches": ["^POST"], "contains": []}, "matches", "GET /", {"looked_for": "^POST"}),
        (Logging("pad\nGET {} 200\npad\n"), {"excludes": [" 200"]}, "excludes", "GET /", {"looked_for": " 200"}),
        (Logging(), {"before": {**GREETS, "status": 404}}, "status", "200", {"status": "200"}),
        (Logging(start="GET /x\n", line=""), {"contains": ["GET /"]}, "contains", "nothing in the log", {}),
    ],
    ids=["contains", "silent", "elsewhere", "matches", "excludes", "a wrong answer", "older lines"],
)
def test_logs_fails(app: Logging, assertions: dict[str, object], fault: str, got: str, facts: dict[str, str]) -> None:
    result = check(**assertions).run(app.subject())
    assert (result.outcome, result.evidence["fault"]) == (Outcome.FAIL, fault)
    assert result.got.startswith(got)
    assert "pad" not in result.got
    assert facts.items() <= result.evidence.items()
    assert result.expected
    assert result.asked.startswith("curl -i http://127.0.0.1:8080/")


def test_logs_says_why_nothing_answered() -> None:
    result = check().run(FakeSubject(serve=silent))
    assert (result.outcome, result.expected, result.got) == (Outcome.FAIL, "an HTTP answer", "connection refused")
    assert (result.evidence["fault"], result.evidence["reason"]) == ("no-answer", "refused")


def test_logs_waits_for_a_line_that_comes_after_the_answer() -> None:
    app = Logging("")
    subject = app.subject()
    looks = 0

    def prints(service: str) -> Printed:
        nonlocal looks
        looks += 1
        return Printed(stderr=f"GET {subject.asked[0].path}\n" if looks > 3 else "")

    subject.prints = prints
    assert check(within=30).run(subject).outcome is Outcome.PASS
    assert looks == 4


def test_logs_finds_what_must_not_be_there_though_all_else_is() -> None:
    looks = iter([Printed(), Printed(stderr="a\n"), Printed(stderr="a\nsecret\n")])
    result = check(contains=["a"], excludes=["secret"], within=30).run(FakeSubject(prints=lambda service: next(looks)))
    assert (result.outcome, result.evidence["fault"]) == (Outcome.FAIL, "excludes")


def grep(found: str) -> Callable[..., Executed]:
    return lambda command: Executed(exit_code=0, stdout=found, stderr="")


def test_logs_finds_the_file_that_was_written_instead() -> None:
    subject = Logging("").subject(executes=grep("/app/access.log\n/tmp/x\n"), image=ImageFacts(workdir="/app"))
    result = check().run(subject)
    assert result.evidence["log_file"] == "/app/access.log"
    command = subject.commands[0][0]
    assert (command[0], command[command.index("-e") + 1]) == ("grep", f"GET {subject.asked[0].path}")
    assert "/app" in command


@pytest.mark.parametrize("found", ["", "grep: not found", "/a\x1b[31m\n"], ids=["nothing", "no path", "escapes"])
def test_logs_does_not_believe_every_grep(found: str) -> None:
    result = check().run(Logging("").subject(executes=grep(found), varies=never_up))
    assert result.evidence.keys() == {"fault", "looked_for", "stream", "silent"}


def test_logs_looks_for_no_file_with_a_text_that_may_stand_anywhere() -> None:
    subject = Logging("").subject(executes=grep("/app/app.py\n"))
    assert "log_file" not in check(contains=["import"]).run(subject).evidence
    assert subject.commands == []


def test_logs_proves_that_the_output_was_kept_back() -> None:
    subject = Logging("").subject(varies=lambda variation: Logging().subject())
    assert check().run(subject).evidence["buffered"] == "yes"
    assert subject.variations == [Variation(environment={"PYTHONUNBUFFERED": "1"})]


@pytest.mark.parametrize(
    "fields",
    [
        {"varies": lambda variation: Logging("").subject()},
        {"varies": never_up},
        {"image": ImageFacts(environment=("PYTHONUNBUFFERED=1",)), "varies": lambda variation: Logging().subject()},
    ],
    ids=["not even then", "does not come up", "it was told so before"],
)
def test_logs_does_not_guess_that_it_was(fields: dict[str, object]) -> None:
    assert "buffered" not in check().run(Logging("").subject(**fields)).evidence


def test_logs_reads_a_service() -> None:
    subject = FakeSubject(name="web", project=project("web", "db"), prints=lambda service: Printed(stdout=service))
    result = check(before=None, contains=["db"], service="db").run(subject)
    assert (result.outcome, result.asked) == (Outcome.PASS, "docker compose logs db")
    result = check(contains=["x"], service="cache").run(subject)
    assert (result.outcome, result.evidence["fault"], subject.asked) == (Outcome.FAIL, "no-service", [])


@pytest.mark.parametrize(
    ("earlier", "now", "new"),
    [
        ("", "a\n", "a\n"),
        ("a\n", "a\nb\n", "b\n"),
        ("a\nb\nc\n", "b\nc\nd\n", "d\n"),
        ("a\nb\n", "x\ny\n", "x\ny\n"),
        ("half", "half a line\n", " a line\n"),
        ("\ufffdb\nc\n", "c\nd\n", "d\n"),
        ("a\n", "a\n", ""),
    ],
    ids=["all", "the rest", "the first gone", "all gone", "half a line", "half a letter", "nothing"],
)
def test_what_a_log_gained(earlier: str, now: str, new: str) -> None:
    gained = since(Printed(stdout=earlier), Printed(stdout=now, stderr="e"))
    assert (gained.stdout, gained.stderr) == (new, "e")


@pytest.mark.parametrize(
    ("assertions", "field", "words"),
    [
        ({"contains": []}, "", "asserts nothing and can never fail"),
        ({"before": None}, "contains", "no request brings it: add before"),
        ({"before": {"path": "x"}}, "before.path", "must start with /"),
        ({"before": {**GREETS, "contains": [""]}}, "before.contains", "an empty text"),
        ({"within": 0}, "within", "more than 0 and at most 30 seconds"),
        ({"contains": ["{wrod}"]}, "contains", "did you mean {word}?"),
        ({"service": "a "}, "service", "white space"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_logs_names_an_authors_slip(assertions: dict[str, object], field: str, words: str) -> None:
    found = list(check(**assertions).faults())
    assert [each for each in found if each[0] == field and words in each[1]]


def test_logs_says_what_it_asks() -> None:
    assert list(check().faults()) == []
    assert check(excludes=["x"]).asks() == (
        'After GET /{word}, the log has "GET /{word}", no "x", where {word} is new in every run'
    )
    assert check(before=None, contains=["up"], stream="stderr", service="db").asks() == (
        'Standard error of db has "up"'
    )
    assert check(before={**GREETS, "status": 200}, contains=["a"]).asks() == (
        'GET /{word} answers with status 200; then the log has "a", where {word} is new in every run'
    )
