"""The exec check, on commands that end as the test says."""

import pytest

from grader.checks import ExecCheck
from grader.facts import Executed
from grader.report import Outcome, Result
from tests.checks.fakes import COMMON, FakeSubject, project

ROUTES = "Endpoint  Methods  Rule\nhello     GET      /\n"


def check(**assertions: object) -> ExecCheck:
    return ExecCheck(**{**COMMON, "command": ["flask", "routes"], **assertions})


def done(stdout: str = "", stderr: str = "", exit_code: int | None = 0, timed_out: bool = False) -> Executed:
    return Executed(exit_code=exit_code, stdout=stdout, stderr=stderr, timed_out=timed_out)


def run(executed: Executed, **assertions: object) -> Result:
    return check(**assertions).run(FakeSubject(executes=lambda command: executed))


@pytest.mark.parametrize(
    ("executed", "assertions"),
    [
        (done(), {}),
        (done(exit_code=3), {"exit_code": 3}),
        (done(ROUTES, exit_code=3), {"exit_code": "any", "contains": ["hello"]}),
        (done(ROUTES), {"contains": ["hello", "GET"], "matches": [r"(?m)^hello\s+GET"], "excludes": ["POST"]}),
        (done(stderr="told\n"), {"contains": ["told"]}),
        (done("out", "err"), {"contains": ["err"], "excludes": ["outerr"], "stream": "any"}),
        (done("out", "err"), {"excludes": ["err"], "stream": "stdout"}),
    ],
    ids=["exit code", "another", "any", "texts", "standard error", "no seam", "one stream"],
)
def test_exec_passes(executed: Executed, assertions: dict[str, object]) -> None:
    result = run(executed, **assertions)
    assert result.outcome is Outcome.PASS
    assert result.asked == "docker exec hello flask routes"
    assert result.got == f"exit code {executed.exit_code}"


@pytest.mark.parametrize(
    ("executed", "assertions", "fault", "got", "facts"),
    [
        (done("x\n", "broke\n", 1), {}, "exit-code", "exit code 1\n\nx\nbroke", {"output": "x\nbroke\n"}),
        (
            done(stderr="sh: 1: nope: not found\n", exit_code=127),
            {},
            "exit-code",
            "exit code 127",
            {"exit_code": "127"},
        ),
        (done(exit_code=0), {"exit_code": 1}, "exit-code", "exit code 0", {}),
        (done(ROUTES), {"contains": ["POST"]}, "contains", f"exit code 0\n\n{ROUTES[:-1]}", {"looked_for": "POST"}),
        (done(ROUTES), {"matches": ["^POST"]}, "matches", "exit code 0", {"looked_for": "^POST"}),
        (done(ROUTES), {"excludes": ["GET"]}, "excludes", "exit code 0\n\nhello     GET      /", {}),
        (
            done("a\n", "POST\n"),
            {"contains": ["POST"], "stream": "stdout"},
            "contains",
            "exit code 0, and the text is in standard error\n\na",
            {"elsewhere": "stderr"},
        ),
        (done("so far\n", exit_code=None, timed_out=True), {}, "timeout", "it had not ended", {"timed_out": "yes"}),
        (done(stderr="container 1f2e is not running", exit_code=None), {}, "ended", "the container had ended", {}),
    ],
    ids=[
        "exit code",
        "not found",
        "0 in place of 1",
        "contains",
        "matches",
        "excludes",
        "other stream",
        "too long",
        "ended",
    ],
)
def test_exec_fails(
    executed: Executed, assertions: dict[str, object], fault: str, got: str, facts: dict[str, str]
) -> None:
    result = run(executed, **assertions)
    assert (result.outcome, result.evidence["fault"]) == (Outcome.FAIL, fault)
    assert result.got.startswith(got)
    assert "1f2e" not in result.got
    assert facts.items() <= result.evidence.items()
    assert "" not in result.evidence.values()


def test_exec_fills_its_words_into_what_it_runs_and_looks_for() -> None:
    subject = FakeSubject(executes=lambda command: done(f"Hello, {command[-1]}\n"))
    result = check(command=["flask", "greet", "{word}"], contains=["Hello, {word}"], timeout=3).run(subject)
    assert result.outcome is Outcome.PASS
    (command, timeout), word = subject.commands[0], subject.commands[0][0][-1]
    assert (command, timeout, "{" in word) == (("flask", "greet", word), 3, False)
    assert result.asked == f"docker exec hello flask greet {word}"


def test_exec_quotes_what_a_student_types() -> None:
    result = check(command=["python", "-c", "print('a b')"]).run(FakeSubject())
    assert result.asked == """docker exec hello python -c 'print('"'"'a b'"'"')'"""


def test_exec_goes_into_a_service() -> None:
    subject = FakeSubject(name="web", project=project("web", "db"))
    result = check(service="db").run(subject)
    assert (result.asked, subject.services) == ("docker compose exec db flask routes", ["db"])
    result = check(service="cache").run(subject)
    assert (result.outcome, result.evidence["fault"], subject.services) == (Outcome.FAIL, "no-service", ["db"])


def test_exec_shows_the_end_of_a_long_output() -> None:
    result = run(done("x" * 64_000 + "end", exit_code=1))
    assert result.got.endswith("end")
    assert max(len(result.got), len(result.evidence["output"])) < 5_000


@pytest.mark.parametrize(
    ("assertions", "field", "words"),
    [
        ({"exit_code": "any"}, "", "asserts nothing and can never fail"),
        ({"command": []}, "command", "command is empty"),
        ({"command": [" ", "x"]}, "command", "the first word is the program's name"),
        ({"command": ["flask routes"]}, "command", "write its words, ['flask', 'routes']"),
        ({"command": ["a\0"]}, "command", "NUL"),
        ({"command": ["greet", "{wrod}"]}, "command", "did you mean {word}?"),
        ({"command": ["{word}"]}, "command", "nothing could pass"),
        ({"exit_code": 256}, "exit_code", "is not between 0 and 255"),
        ({"timeout": 0}, "timeout", "more than 0 and at most 60 seconds"),
        ({"timeout": float("nan")}, "timeout", "more than 0"),
        ({"stream": "stdout"}, "stream", "there are none"),
        ({"contains": [""]}, "contains", "an empty text is in any output"),
        ({"contains": ["ab"], "excludes": ["a"]}, "excludes", "nothing could pass"),
        ({"matches": ["("]}, "matches", "cannot be read"),
        ({"matches": [".*"]}, "matches", "could never fail"),
        ({"contains": ["{Number}"]}, "contains", "did you mean {number}?"),
        ({"service": "db "}, "service", "white space"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_exec_names_an_authors_slip(assertions: dict[str, object], field: str, words: str) -> None:
    found = list(check(**assertions).faults())
    assert [each for each in found if each[0] == field and words in each[1]]


def test_exec_says_what_it_asks() -> None:
    whole = check(command=["flask", "greet", "{word}"], contains=["{word}"], excludes=["x"], stream="stdout")
    assert list(whole.faults()) == []
    assert whole.asks() == (
        '`flask greet {word}`, run in the container, ends with exit code 0 and has "{word}", no "x" in standard '
        "output, where {word} is new in every run"
    )
    assert check(service="db").asks() == "`flask routes`, run in the container of db, ends with exit code 0"
