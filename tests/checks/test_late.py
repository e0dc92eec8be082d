"""The `late` check: an app that waits, one that recovers, and one that does neither."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from grader.checks import late as kind
from grader.checks.exchange import Exchange
from grader.checks.late import LateCheck
from grader.compose import Project, Service
from grader.deadline import Deadline
from grader.facts import DidNotStart, Printed, Variation
from grader.http import Answer, Request
from grader.report import Outcome
from tests.checks.fakes import COMMON, FakeSubject, answer, never_up, project, silent

THEN = Exchange(path="/", status=200)
WAITING = Project(services={"web": Service(name="web", depends_on={"db": "service_healthy"}), "db": Service(name="db")})


def check(**fields: Any) -> LateCheck:
    return LateCheck(**COMMON, **{"service": "db", "seconds": 4, "then": THEN, **fields})


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kind, "POLL", 0.0)


def serving(*codes: int) -> Callable[[Request], Answer]:
    """Answers with each status in turn, and then with the last one for ever."""
    left = list(codes)
    return lambda request: answer(status=left.pop(0) if len(left) > 1 else left[0])


def up(serve: Callable[[Request], Answer]) -> FakeSubject:
    """A subject whose second target answers so."""
    late = FakeSubject(serve=serve, prints=lambda service: Printed(stdout="in vain\n"))
    return FakeSubject(project=project("web", "db"), varies=lambda variation: late)


def test_the_service_is_held_back_in_a_second_project() -> None:
    subject = up(serving(200))
    result = check().run(subject)
    assert (result.outcome, subject.variations, subject.asked) == (
        Outcome.PASS,
        [Variation(late={"db": 4})],
        [],
    )
    assert result.asked.startswith("docker compose up -d, with db 4 s late\ncurl ")


def test_an_app_that_connects_with_each_request_may_fail_at_first() -> None:
    assert check().run(up(serving(500, 500, 503, 200))).outcome is Outcome.PASS


def test_an_app_that_is_never_well_again_fails_with_its_own_log(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kind, "RECOVERY", -3.9)
    result = check().run(up(serving(500)))
    assert (result.outcome, result.got.strip(), result.log) == (Outcome.FAIL, "500", "in vain")
    facts = {"fault": "status", "late": "db", "status": "500", "logs": "in vain\n\n"}
    assert facts.items() <= result.evidence.items()


def test_an_app_that_is_held_up_has_the_time_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kind, "RECOVERY", -3.9)
    monkeypatch.setattr(
        FakeSubject, "deadline", lambda subject, seconds: Deadline(seconds, held_up=lambda: 2 * seconds)
    )
    started = time.monotonic()
    result = check().run(up(lambda request: answer(status=200 if time.monotonic() > started + 0.2 else 500)))
    assert result.outcome is Outcome.PASS


def test_what_it_said_at_first_is_kept_when_much_is_said_after(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kind, "RECOVERY", -3.9)
    said = iter([Printed(stdout="up\n", stderr="Connection refused\n"), Printed(stderr="no table\n")])
    late = FakeSubject(serve=serving(500), prints=lambda service: next(said))
    result = check().run(FakeSubject(project=project("web", "db"), varies=lambda variation: late))
    facts = {"early_logs": "Connection refused\n\nup\n", "logs": "\nno table\n"}
    assert facts.items() <= result.evidence.items()


def test_a_wrong_answer_is_not_asked_for_again() -> None:
    subject = up(serving(404, 200))
    assert check().run(subject).got.strip() == "404"


def test_an_app_that_answers_nothing_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kind, "RECOVERY", -3.9)
    result = check().run(up(silent))
    assert (result.outcome, result.evidence["reason"]) == (Outcome.FAIL, "refused")


def test_a_project_that_does_not_come_up_says_so() -> None:
    subject = FakeSubject(project=project("web", "db"), varies=never_up)
    with pytest.raises(DidNotStart):
        check().run(subject)
    assert len(subject.variations) == 1


def test_who_waits_for_health_is_tried_twice_at_most() -> None:
    tries: list[Variation] = []

    def second_time(variation: Variation) -> FakeSubject:
        tries.append(variation)
        return never_up(variation) if len(tries) == 1 else FakeSubject()

    assert check().run(FakeSubject(project=WAITING, varies=second_time)).outcome is Outcome.PASS
    assert len(tries) == 2
    subject = FakeSubject(project=WAITING, varies=never_up)
    with pytest.raises(DidNotStart):
        check().run(subject)
    assert len(subject.variations) == 2


def test_a_service_that_is_not_there_is_a_failure() -> None:
    subject = up(serving(200))
    result = check(service="dbb").run(subject)
    assert (result.outcome, result.expected, result.got) == (Outcome.FAIL, "a service dbb", "web, db")
    assert result.evidence == {"fault": "no-service", "service": "dbb", "nearest": "db"}
    assert subject.variations == []


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"service": ""}, "service", "service is empty"),
        ({"seconds": 0}, "seconds", "seconds = 0 must be more than 0 and at most 60"),
        ({"seconds": 61}, "seconds", "seconds = 61 must be more than 0 and at most 60"),
        ({"seconds": float("nan")}, "seconds", "seconds = nan must be more than 0"),
        ({"then": Exchange(path="x", status=200)}, "then.path", "path"),
        ({"then": Exchange(path="/")}, "then", "asserts nothing"),
    ],
    ids=["no service", "at once", "too late", "no number", "no path", "nothing"],
)
def test_a_slip_of_the_authors_is_named(fields: dict[str, Any], field: str, words: str) -> None:
    ((place, fault),) = check(**fields).faults()
    assert place == field
    assert words in fault


def test_the_rubric_says_what_is_asked() -> None:
    assert check().asks() == "With db 4 s late, GET / answers with status 200"
    assert "new in every run" in check(then=Exchange(path="/{word}", status=200)).asks()
