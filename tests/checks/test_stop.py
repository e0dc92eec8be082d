"""The `stop` check: how a container ends, who was process 1, and what became of the answer it was giving."""

import time

import msgspec
import pytest

from grader.checks import stop as module
from grader.checks.stop import StopCheck
from grader.deadline import BUSY
from grader.errors import EngineFault, PassingFault
from grader.facts import ImageFacts, Process, Stopped
from grader.http import Answer, NoAnswer, Request
from grader.report import Outcome
from tests.checks.fakes import COMMON, FakeSubject, silent

ENDED = Stopped(exit_code=0, seconds=0.1, killed=False)
KILLED = Stopped(exit_code=137, seconds=5.0, killed=True)
SLOW = {"path": "/slow", "body": "done\n"}


def check(**fields: object) -> StopCheck:
    return msgspec.convert({**COMMON, **fields}, StopCheck)


def running(command: str) -> tuple[Process, ...]:
    return (Process(first=False, uid="0", command="python app.py"), Process(first=True, uid="0", command=command))


@pytest.mark.parametrize(
    ("stopped", "facts"),
    [
        (KILLED, {"killed": "yes", "exit_code": "137", "ended_before": "no"}),
        (Stopped(exit_code=130, seconds=0.1, killed=False), {"killed": "no", "ended_by_signal": "2"}),
        (Stopped(exit_code=1, seconds=0.1, killed=False), {"killed": "no", "exit_code": "1"}),
        (Stopped(running=False, exit_code=3, seconds=0.0, killed=False), {"ended_before": "yes", "exit_code": "3"}),
    ],
    ids=["killed", "another signal", "an error", "before"],
)
def test_an_end_that_is_not_clean(stopped: Stopped, facts: dict[str, str]) -> None:
    it = FakeSubject(stopped=stopped, lists=lambda service: running("python app.py"))
    result = check().run(it)
    assert result.outcome is Outcome.FAIL
    assert facts.items() <= result.evidence.items()
    assert ("ended_by_signal" in result.evidence) == ("ended_by_signal" in facts)


@pytest.mark.parametrize(
    ("command", "shell"),
    [
        ("/bin/sh -c flask run", "yes"),
        ("bash ./start.sh", "yes"),
        ("-ash", "yes"),
        ("python app.py", "no"),
        ("/usr/bin/shred x", "no"),
        ("gunicorn: master [app:app]", "no"),
    ],
)
def test_who_was_first(command: str, shell: str) -> None:
    it = FakeSubject(stopped=KILLED, lists=lambda service: running(command), image=ImageFacts(command=("x",)))
    evidence = check().run(it).evidence
    assert (evidence["first"], evidence["shell_first"], evidence["command"]) == (command, shell, "x")


def test_a_container_that_has_ended_has_no_first_process() -> None:
    def gone(service: str) -> tuple[Process, ...]:
        raise PassingFault("is not running")

    it = FakeSubject(stopped=Stopped(running=False, exit_code=0, seconds=0.0, killed=False), lists=gone)
    evidence = check().run(it).evidence
    assert (evidence["ended_before"], evidence.get("first")) == ("yes", None)


def test_the_engines_fault_is_not_the_students() -> None:
    def broken(service: str) -> tuple[Process, ...]:
        raise EngineFault("the engine went away")

    with pytest.raises(EngineFault, match="went away"):
        check().run(FakeSubject(lists=broken))


class Project:
    active = {"web": None, "worker": None}


def test_a_service_is_stopped_by_its_name() -> None:
    it = FakeSubject(stopped=KILLED, lists=lambda service: running("celery"), project=Project())  # type: ignore[arg-type]
    result = check(service="worker").run(it)
    assert result.asked == "docker compose stop -t 5 worker"
    assert set(it.services) == {"worker"}
    assert (result.evidence["service"], result.evidence["command"]) == ("worker", "celery")


@pytest.mark.parametrize("project", [Project(), None], ids=["another", "none at all"])
def test_a_service_that_is_not_there(project: object) -> None:
    result = check(service="queue").run(FakeSubject(project=project))  # type: ignore[arg-type]
    evidence = {"fault": "no-service", "service": "queue", "nearest": ""}
    assert (result.outcome, result.evidence) == (Outcome.FAIL, evidence)


class Server(FakeSubject):
    """Takes a moment for each answer; of those that a stop comes into, so many are lost."""

    def __init__(self, *, seconds: float = 0.2, lost: int = 0, stopped: Stopped = ENDED) -> None:
        super().__init__(stopped=stopped, serve=self.slowly, lists=lambda service: running("python app.py"))
        self.lost, self.duration, self.stops = lost, seconds, 0

    def slowly(self, request: Request) -> Answer:
        begun = self.stops
        time.sleep(self.duration)
        if self.stops > begun and self.stops <= self.lost:
            raise NoAnswer("closed", "the connection was closed")
        return Answer(status=200, headers=(), body=b"done\n", truncated=False, seconds=self.duration)

    def stop(self, seconds: float, service: str = "") -> Stopped:
        self.stops += 1
        return super().stop(seconds, service)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SLOW", 0.15)


@pytest.mark.parametrize(("lost", "replaced"), [(0, 0), (1, 1)], ids=["at once", "the second time"])
def test_an_answer_that_comes_in_spite_of_the_signal_passes(lost: int, replaced: int) -> None:
    it = Server(lost=lost)
    result = check(graceful=SLOW, seconds=8).run(it)
    assert (result.outcome, it.replacements, it.stops) == (Outcome.PASS, replaced, 1 + replaced)
    assert result.asked == "curl -i http://127.0.0.1:8080/slow &\nsleep 1; docker stop -t 8 hello"


def test_an_answer_that_is_lost_twice_fails() -> None:
    result = check(graceful=SLOW, seconds=8).run(Server(lost=2))
    assert result.outcome is Outcome.FAIL
    facts = {"fault": "no-answer", "in_flight": "lost", "reason": "closed", "killed": "no", "first": "python app.py"}
    assert facts.items() <= result.evidence.items()
    assert result.got == "the signal came after 0.1 s of 0.2: the connection was closed"


def test_a_machine_that_is_too_busy_for_the_answer_is_no_lost_answer() -> None:
    it = Server()
    slowly = it.slowly

    def held_up(request: Request) -> Answer:
        answer = slowly(request)
        if it.stops:
            raise PassingFault(BUSY)
        return answer

    it.serve = held_up
    with pytest.raises(PassingFault, match="this machine is too busy"):
        check(graceful=SLOW, seconds=8).run(it)


def test_an_answer_that_comes_before_a_kill_is_not_enough() -> None:
    result = check(graceful=SLOW, seconds=8).run(Server(stopped=KILLED))
    assert (result.outcome, result.evidence["killed"]) == (Outcome.FAIL, "yes")


def test_an_answer_that_is_too_fast_proves_nothing() -> None:
    it = Server(seconds=0.0)
    result = check(graceful=SLOW, seconds=8).run(it)
    assert (result.outcome, result.evidence["fault"], it.stops) == (Outcome.FAIL, "too-fast", 0)


def test_an_app_that_does_not_answer_at_all_is_not_stopped() -> None:
    it = Server()
    it.serve = silent
    result = check(graceful=SLOW, seconds=8).run(it)
    assert (result.outcome, result.evidence["fault"], it.stops) == (Outcome.FAIL, "no-answer", 0)


@pytest.mark.parametrize(
    ("fields", "where", "fault"),
    [
        ({"seconds": 0}, "seconds", "must be more than 0"),
        ({"exit_codes": []}, "exit_codes", "could never pass"),
        ({"exit_codes": [137]}, "exit_codes", "could never fail"),
        ({"exit_codes": [256]}, "exit_codes", "not between 0 and 255"),
        ({"graceful": SLOW, "service": "web", "seconds": 8}, "service", "take service out"),
        ({"graceful": SLOW, "seconds": 3}, "seconds", "give it as long"),
        ({"graceful": {"path": "/"}, "seconds": 8}, "graceful", "asserts nothing"),
    ],
)
def test_slips(fields: dict[str, object], where: str, fault: str) -> None:
    found = list(check(**fields).faults())
    assert found[0][0] == where
    assert fault in found[0][1]


def test_what_it_asks() -> None:
    assert not list(check(graceful=SLOW, seconds=8).faults())
    assert check(graceful=SLOW, seconds=8).asks() == (
        "docker stop ends it within 8 s, with exit code 0 or 143, and what it was just answering is answered to its "
        'end: GET /slow answers with the body "done\\n"'
    )
