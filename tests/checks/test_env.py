"""The env check, on second targets that answer as the test says."""

import msgspec
import pytest

from grader.checks import EnvCheck
from grader.facts import DidNotStart, Printed, Variation
from grader.report import Outcome
from tests.checks.fakes import COMMON, FakeSubject, answer, never_up, project, silent

GREETING = {"set": {"GREETING": "{word}"}, "then": {"path": "/", "body": "{word}, world!\n"}}


RUN = "docker run -d --name hello -p 127.0.0.1:8080:5000 hello"


def check(**fields: object) -> EnvCheck:
    return msgspec.convert({**COMMON, "kind": "env", **GREETING, **fields}, EnvCheck)


def obedient(variation: Variation) -> FakeSubject:
    return FakeSubject(serve=lambda request: answer(f"{variation.environment.get('GREETING', 'Hello')}, world!\n"))


def deaf(variation: Variation) -> FakeSubject:
    return FakeSubject(
        serve=lambda request: answer("Hello, world!\n"), prints=lambda service: Printed(stderr="GET /\nKeyError: 'X'\n")
    )


def test_env_passes_an_app_that_reads_the_variable() -> None:
    subject = FakeSubject(command=RUN, varies=obedient)
    result = check().run(subject)
    word = subject.variations[0].environment["GREETING"]
    assert (result.outcome, "{" in word, subject.asked) == (Outcome.PASS, False, [])
    assert result.asked == (
        f"docker rm -f hello; docker run -d --name hello -p 127.0.0.1:8080:5000 -e GREETING={word} hello && sleep 2 "
        "&& curl -i http://127.0.0.1:8080/"
    )


def test_env_fails_an_app_that_does_not() -> None:
    result = check().run(FakeSubject(varies=deaf, prints=lambda service: Printed(stderr="the first one's log")))
    assert (result.outcome, result.got) == (Outcome.FAIL, "200\n\nHello, world!\n")
    assert result.expected.endswith(", world!\n")
    assert result.log == "GET /\nKeyError: 'X'"
    evidence = result.evidence
    assert (evidence["fault"], evidence["set"], evidence["status"]) == ("body", "GREETING", "200")
    assert "KeyError" in evidence["logs"]


def test_env_says_why_nothing_answered() -> None:
    result = check().run(FakeSubject(varies=lambda variation: FakeSubject(serve=silent)))
    assert (result.outcome, result.got) == (Outcome.FAIL, "connection refused")
    assert (result.evidence["fault"], result.evidence["reason"]) == ("no-answer", "refused")


def test_env_lets_a_start_that_failed_through_and_names_the_variables() -> None:
    with pytest.raises(DidNotStart) as caught:
        check().run(FakeSubject(varies=never_up))
    assert caught.value.facts == {"kind": "start", "reason": "exited", "exit_code": "1", "set": "GREETING"}


def test_env_asks_on_the_other_port() -> None:
    subject = FakeSubject(command=RUN, varies=obedient)
    result = check(set={"PORT": "8123"}, port=8123, then={"path": "/", "status": 200}).run(subject)
    assert (result.outcome, subject.variations) == (
        Outcome.PASS,
        [Variation(environment={"PORT": "8123"}, port=8123)],
    )
    assert "-p 127.0.0.1:8080:8123 -e PORT=8123 hello" in result.asked


def test_env_gives_the_variables_to_a_service() -> None:
    subject = FakeSubject(name="web", project=project("web"), varies=obedient)
    result = check(set={"A": "b c"}, then={"path": "/", "status": 200}).run(subject)
    assert result.asked == (
        "docker compose rm -fs web; docker compose run -d --service-ports -e 'A=b c' web && sleep 2 "
        "&& curl -i http://127.0.0.1:8080/"
    )


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"set": {}}, "set", "set is empty"),
        ({"set": {"MY-NAME": "x"}}, "set", "'MY-NAME' is no variable's name"),
        ({"set": {"A": "x\0"}}, "set", "NUL"),
        ({"set": {"A": "{wrod}"}}, "set", "did you mean {word}?"),
        ({"port": 65536}, "port", "is not between 1 and 65535"),
        ({"port": 8123}, "port", "the app could not know"),
        ({"then": {"path": "/"}}, "then", "then: asserts nothing"),
        ({"then": {"path": "x", "status": 200}}, "then.path", "must start with /"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_env_names_an_authors_slip(fields: dict[str, object], field: str, words: str) -> None:
    found = list(check(**fields).faults())
    assert [each for each in found if each[0] == field and words in each[1]]


def test_env_says_what_it_asks() -> None:
    assert list(check().faults()) == []
    assert check().asks() == (
        'Started with GREETING={word}, GET / answers with the body "{word}, world!\\n", '
        "where {word} is new in every run"
    )
    assert check(set={"PORT": "8123"}, port=8123).asks().startswith("Started with PORT=8123 on port 8123, GET /")
