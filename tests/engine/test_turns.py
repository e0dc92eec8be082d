"""Who was kept from running is not slow: a time limit waits, or on too busy a machine nothing is told."""

import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from grader.deadline import BUSY
from grader.engine import Engine
from grader.engine import turns as module
from grader.engine.turns import Held, Turns, held_up, turns
from grader.grade import grade
from grader.report import Outcome, Report
from tests.burners import busy_machine
from tests.corpus import cases
from tests.grading import graded as graded_case

SPEC = """
schema = 1
title  = "Work"
unit   = "01-hello"
files  = ["app.py", "Dockerfile"]

[run]
port = 5000
timeout = 60

[[checks]]
id = "works"
kind = "http"
path = "/work"
status = 200
points = 1
title = "It works for a second, and answers"
objective = "o"
hints = ["a", "b", "c"]
"""
APP = """
import http.server, time

def work():
    end = time.{clock}() + {seconds}
    while time.{clock}() < end:
        {action}

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "{works}":
            work()
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

server = http.server.ThreadingHTTPServer(("0.0.0.0", 5000), Handler)
if "{works}" == "first":
    work()
server.serve_forever()
"""


def graded(
    folder: Path, engine: Engine, *, clock: str, seconds: float, action: str = "pass", works: str = "/work"
) -> Report:
    """What is said of an app that takes so long for one request, or first of all, while its port is open already."""
    exercise, work = folder / "exercise", folder / "work"
    exercise.mkdir()
    work.mkdir()
    (exercise / "exercise.toml").write_text(SPEC)
    (work / "app.py").write_text(APP.format(clock=clock, seconds=seconds, action=action, works=works))
    (work / "Dockerfile").write_text('FROM python:3.13-slim\nCOPY app.py /\nCMD ["python", "/app.py"]\n')
    return grade(exercise, work, engine, progress=lambda line: None)


@pytest.mark.docker
@pytest.mark.slow
def test_a_right_answer_on_a_busy_machine_has_time(tmp_path: Path, engine: Engine) -> None:
    with busy_machine(3, apart=True):
        report = graded(tmp_path, engine, clock="process_time", seconds=2)
    assert [result.got for result in report.results if result.outcome is not Outcome.PASS] == []
    assert report.attempts == ()


@pytest.mark.docker
@pytest.mark.slow
def test_a_server_that_starts_on_a_busy_machine_has_the_time_of_a_start(tmp_path: Path, engine: Engine) -> None:
    with busy_machine(3, apart=True):  # each request of the time may be held up for longer than one is waited for
        report = graded(tmp_path, engine, clock="process_time", seconds=8, works="first")
    assert [result.got for result in report.results if result.outcome is not Outcome.PASS] == []
    assert report.attempts == ()


@pytest.mark.docker
@pytest.mark.slow
def test_a_right_answer_on_a_machine_that_is_too_busy_is_not_told(tmp_path: Path, engine: Engine) -> None:
    with busy_machine(20, apart=True):
        report = graded(tmp_path, engine, clock="process_time", seconds=3)
    assert report.outcome is Outcome.ERROR
    assert BUSY in [result.got for result in report.results]
    assert len(report.attempts) == 2


@pytest.mark.docker
def test_an_answer_that_is_too_slow_by_itself_loses_its_point(tmp_path: Path, engine: Engine) -> None:
    report = graded(tmp_path, engine, clock="monotonic", seconds=30, action="time.sleep(1)")
    assert report.outcome is Outcome.FAIL
    assert report.results[-1].got == "no complete answer within 5 s"


@pytest.mark.docker
@pytest.mark.slow
@pytest.mark.parametrize(("share", "outcome"), [(0.4, Outcome.FAIL), (0.6, Outcome.ERROR)])
def test_who_gave_up_on_a_late_service_is_judged_where_that_was_let_run(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, share: float, outcome: Outcome
) -> None:
    monkeypatch.setattr(module, "held_up", lambda before, after, seconds: share * seconds)
    case = next(case for case in cases() if case.name == "counter/wrong/database-not-ready")
    results = {result.id: result for result in graded_case(case, engine).results}
    assert results.pop("waits-for-the-database").outcome is outcome
    assert {result.outcome for result in results.values()} == {Outcome.PASS}


@pytest.mark.parametrize(
    ("ran", "waited", "seconds"),
    [
        pytest.param(0.2, 4.0, 4.0, id="ready, and not let"),
        pytest.param(3.0, 2.0, 2.0, id="let half of the time"),
        pytest.param(0.2, 9.0, 5.0, id="two at a time"),
        pytest.param(0.2, 0.1, 0.1, id="asleep"),
        pytest.param(4.8, 12.0, 0.0, id="four busy threads on one core"),
    ],
)
def test_how_long_they_were_held_up(ran: float, waited: float, seconds: float) -> None:
    one, two, three = (("a", number) for number in (1, 2, 3))
    before = Turns(ran={one: 100.0}, waited={one: 50.0})
    after = Turns(ran={one: 100.0 + ran / 2, two: ran / 2}, waited={one: 50.0 + waited, three: 0.0})
    assert held_up(before, after, 5.0) == pytest.approx(seconds)


def test_what_a_thread_waited_is_kept_when_it_has_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listed = tmp_path / "cgroup" / module.PLACES[0].format("abc")
    listed.parent.mkdir(parents=True)
    monkeypatch.setattr(module, "ROOT", tmp_path / "cgroup")
    monkeypatch.setattr(module, "PROC", tmp_path)
    monkeypatch.setattr(module, "LOOK", 0.01)
    began = time.monotonic()

    def live(number: int) -> None:
        (tmp_path / str(number)).mkdir()
        (tmp_path / str(number) / "schedstat").write_text("1000 200000000 1\n")
        listed.write_text(f"{number}\n")
        time.sleep(0.3)

    with Held(SimpleNamespace(containers={"db": SimpleNamespace(id="abc")}), starting=True) as held:
        live(7)
        live(8)
    assert held() == pytest.approx(0.4)
    assert time.monotonic() - began > 0.4  # or it could not have been held up for so long


def test_what_two_containers_ran_is_not_added_up() -> None:
    assert held_up(Turns(), Turns(ran={("a", 1): 3.0, ("b", 2): 3.0}, waited={("a", 1): 2.0}), 5.0) == 2.0


@pytest.mark.parametrize("place", module.PLACES)
def test_threads_are_found_in_each_layout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    listed = tmp_path / "cgroup" / place.format("abc")
    listed.parent.mkdir(parents=True)
    listed.write_text("0\n7\n8\n")
    (tmp_path / "7").mkdir()
    (tmp_path / "7" / "schedstat").write_text("1500000000 250000000 12\n")  # 8 has ended meanwhile
    monkeypatch.setattr(module, "ROOT", tmp_path / "cgroup")
    monkeypatch.setattr(module, "PROC", tmp_path)
    assert turns([SimpleNamespace(id="abc")]) == Turns(ran={("abc", 7): 1.5}, waited={("abc", 7): 0.25})


def test_where_the_kernel_is_another_nothing_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ROOT", tmp_path)
    assert turns([SimpleNamespace(id="abc")]) == Turns()
    assert held_up(Turns(), Turns(), 5.0) == 0.0
