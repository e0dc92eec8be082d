"""The `restart` check: what is asked before and after, and what it means when something is gone."""

import msgspec
import pytest

from grader.checks.restart import RestartCheck
from grader.facts import DidNotStart
from grader.http import Answer, NoAnswer, Request
from grader.report import Outcome
from tests.checks.fakes import COMMON, FakeSubject, answer, silent

WRITE = {"path": "/notes", "method": "POST", "data": "{word}", "status": 201, "name": "write"}
READ = {"path": "/notes", "contains": ["{word}"]}


def check(**fields: object) -> RestartCheck:
    return msgspec.convert({**COMMON, "before": [WRITE], "after": [READ], **fields}, RestartCheck)


class Notes:
    """An app that keeps what it is told, or forgets it with its container; it knows one browser by a cookie."""

    def __init__(self, *, keeps: bool, alive: bool = True) -> None:
        self.keeps, self.alive = keeps, alive
        self.told: list[str] = []
        self.cookies: list[str | None] = []
        self.subject = FakeSubject(serve=self.serve, replaces=self.replaced)

    def serve(self, request: Request) -> Answer:
        self.cookies.append(request.cookies)
        if request.method == "POST":
            self.told.append(request.body.decode())
            return answer(status=201, **{"Set-Cookie": "who=me", "Location": f"/notes/{self.told[-1]}"})
        return answer("\n".join(self.told))

    def replaced(self) -> None:
        if not self.keeps:
            self.told.clear()
        if not self.alive:
            self.subject.serve = silent


def test_what_is_kept_passes() -> None:
    notes = Notes(keeps=True)
    result = check().run(notes.subject)
    assert (result.outcome, notes.subject.replacements) == (Outcome.PASS, 1)
    assert result.asked.split(" && ")[2:] == [
        "docker stop hello",
        "docker rm hello",
        "docker run -d hello",
        "rm -f jar",
        "curl -i -b jar -c jar http://127.0.0.1:8080/notes",
    ]


def test_what_is_lost_fails() -> None:
    result = check().run(Notes(keeps=False).subject)
    assert result.outcome is Outcome.FAIL
    facts = {"fault": "contains", "phase": "after", "lost": "yes", "step_name": "after, step 1", "status": "200"}
    assert facts.items() <= result.evidence.items()
    assert result.expected.startswith("after, step 1\n")


def test_what_was_never_written_is_not_lost() -> None:
    notes = Notes(keeps=True)
    notes.subject.serve = lambda request: answer(status=500)
    result = check().run(notes.subject)
    assert (result.outcome, notes.subject.replacements) == (Outcome.FAIL, 0)
    assert (result.evidence["phase"], result.evidence["step_name"]) == ("before", "before, step 1: write")
    assert "lost" not in result.evidence


def test_an_app_that_answers_no_more_is_not_said_to_have_lost_anything() -> None:
    result = check().run(Notes(keeps=True, alive=False).subject)
    assert (result.outcome, result.evidence["fault"]) == (Outcome.FAIL, "no-answer")
    assert "lost" not in result.evidence


def test_an_app_that_does_not_come_up_again_is_told_with_its_phase() -> None:
    def replaces() -> None:
        raise DidNotStart({"reason": "exited"})

    notes = Notes(keeps=True)
    notes.subject.replaces = replaces
    with pytest.raises(DidNotStart) as down:
        check().run(notes.subject)
    assert down.value.facts == {"reason": "exited", "phase": "after replacement"}


@pytest.mark.parametrize(("keep", "sent"), [(False, ""), (True, "who=me")], ids=["forgotten", "kept"])
def test_cookies(keep: bool, sent: str) -> None:
    notes = Notes(keeps=True)
    check(keep_cookies=keep).run(notes.subject)
    assert notes.cookies[-1] == sent


def test_what_was_captured_before_is_used_after() -> None:
    notes = Notes(keeps=True)
    before = [{**WRITE, "captures": {"note": {"header": "Location"}}}]
    result = check(before=before, after=[{"path": "{note}", "contains": ["{word}"]}]).run(notes.subject)
    assert result.outcome is Outcome.PASS
    assert notes.subject.asked[-1].path == f"/notes/{notes.told[0]}"


def test_a_service_is_asked_to_end_by_compose() -> None:
    notes = Notes(keeps=True)
    notes.subject.project = object()  # type: ignore[assignment]
    assert "docker compose down && docker compose up -d" in check().run(notes.subject).asked
    assert notes.subject.services == []


def test_a_container_is_asked_to_end_before_it_is_removed() -> None:
    notes = Notes(keeps=True)
    check().run(notes.subject)
    assert notes.subject.services == [""]


@pytest.mark.parametrize(
    ("fields", "where", "fault"),
    [
        ({"before": []}, "before", "nothing is written"),
        ({"after": []}, "after", "could never find"),
        ({"after": [{"path": "/"}]}, "after[0]", "asserts nothing"),
        ({"before": [WRITE, {"path": "x", "status": 200}]}, "before[1].path", "must start with /"),
        ({"after": [{"path": "/{wort}", "status": 200}]}, "after[0].path", "did you mean {word}?"),
        ({"before": [{**WRITE, "captures": {"a": {"header": "X"}}}]}, "before[0].captures", "used by no later step"),
        ({"after": [READ] * 31}, "after", "32 steps"),
    ],
)
def test_slips(fields: dict[str, object], where: str, fault: str) -> None:
    found = list(check(**fields).faults())
    assert found[0][0] == where
    assert fault in found[0][1]


def test_what_it_asks() -> None:
    assert not list(check().faults())
    assert check().asks() == (
        "POST /notes answers with status 201. In new containers, with the volumes of the old: GET /notes answers with "
        '"{word}" in the body, where {word} is new in every run'
    )


def test_a_request_that_fails_before_says_why() -> None:
    def refused(request: Request) -> Answer:
        raise NoAnswer("closed", "the connection was closed")

    notes = Notes(keeps=True)
    notes.subject.serve = refused
    result = check().run(notes.subject)
    assert (result.evidence["reason"], result.evidence["phase"]) == ("closed", "before")
