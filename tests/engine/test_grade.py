"""The flow, on a real engine: whose fault is whose, what blocks what, and in which order."""

from pathlib import Path
from typing import Any

import pytest

from grader import building
from grader import grade as module
from grader.checks import HttpCheck, ImageCheck
from grader.engine import Engine
from grader.engine.container import Container
from grader.engine.deployment import Refusal
from grader.engine.single import Single
from grader.errors import EngineFault
from grader.grade import grade
from grader.report import Outcome, Report
from tests.conftest import ROOT
from tests.corpus import case

pytestmark = pytest.mark.docker

SOLUTION = ROOT / "solutions" / "01-hello"


def graded(engine: Engine, submission: Path = SOLUTION, exercise: Path | None = None) -> Report:
    folder = exercise or ROOT / "exercises" / "01-hello"
    return grade(folder, submission, engine, progress=lambda line: None)


def outcomes(report: Report) -> dict[str, str]:
    return {result.id: str(result.outcome) for result in report.results}


def breaks(*args: Any, **kwargs: Any) -> Any:
    raise EngineFault("the engine went away")


@pytest.mark.parametrize(
    ("owner", "name", "expected"),
    [
        (building, "build", ["error", "skip", "skip", "skip", "skip", "skip"]),
        (Single, "up", ["pass", "error", "skip", "skip", "skip", "pass"]),
        (Container, "state", ["pass", "error", "skip", "skip", "skip", "pass"]),
        (HttpCheck, "run", ["pass", "pass", "error", "error", "error", "pass"]),
        (ImageCheck, "run", ["pass", "pass", "pass", "pass", "pass", "error"]),
    ],
    ids=["build", "start", "look", "http check", "image check"],
)
def test_the_engines_fault_is_an_error_and_costs_nothing(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, owner: object, name: str, expected: list[str]
) -> None:
    monkeypatch.setattr(owner, name, breaks)
    report = graded(engine)
    assert list(outcomes(report).values()) == expected
    assert (report.points, report.outcome, report.exit_code) == (None, Outcome.ERROR, 4)
    broken = next(result for result in report.results if result.outcome is Outcome.ERROR)
    assert broken.got == "the engine went away"
    assert broken.traceback == ""


def test_a_bug_of_ours_is_an_error_with_a_traceback(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(self: HttpCheck, subject: object) -> None:
        raise ZeroDivisionError("never by a student")

    monkeypatch.setattr(HttpCheck, "run", stumble)
    report = graded(engine)
    broken = next(result for result in report.results if result.outcome is Outcome.ERROR)
    assert "a bug in the grader" in broken.got
    assert "never by a student" in broken.traceback
    assert report.exit_code == 4


def test_checks_that_end_the_container_run_last_and_are_reported_in_their_place(engine: Engine, tmp_path: Path) -> None:
    text = (ROOT / "exercises" / "01-hello" / "exercise.toml").read_text()
    head, _, checks = text.partition("[[checks]]")
    stops = "".join(
        f'[[checks]]\nid = "stops-{number}"\nkind = "stop"\npoints = 1\ntitle = "It stops"\nobjective = "o"\n'
        f'seconds = 3\nhints = ["a", "b", "c"]\n\n'
        for number in (1, 2)
    )
    (tmp_path / "exercise.toml").write_text(f"{head}{stops}[[checks]]{checks}")
    told: list[str] = []
    right = ROOT / "tests" / "corpus" / "01-hello" / "right" / "gunicorn"
    report = grade(tmp_path, right, engine, progress=told.append)
    assert [result.id for result in report.results[2:4]] == ["stops-1", "stops-2"]
    assert report.exit_code == 0
    assert [line for line in told if line.startswith("checking")][-2:] == ["checking: It stops"] * 2


def test_a_server_that_ignores_the_signal_is_told_from_one_that_ends(engine: Engine, tmp_path: Path) -> None:
    text = (ROOT / "exercises" / "01-hello" / "exercise.toml").read_text()
    stop = '[[checks]]\nid = "stops"\nkind = "stop"\npoints = 1\ntitle = "It stops"\nobjective = "o"\n'
    (tmp_path / "exercise.toml").write_text(f'{text}\n{stop}seconds = 1\nhints = ["a", "b", "c"]\n')
    report = graded(engine, exercise=tmp_path)
    last = report.results[-1]
    assert last.outcome is Outcome.FAIL
    assert last.got.startswith("still running, and was killed, after 1.0 s")
    assert last.diagnosis is not None
    assert last.diagnosis.id == "stopped-by-force"
    assert report.points == 10


def test_what_stands_behind_a_proxy_has_time_to_start(engine: Engine, tmp_path: Path) -> None:
    """As nginx, which is up before the uwsgi beside it has loaded the app."""
    for path in SOLUTION.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    late = "import time\nUP_AT = time.monotonic() + 2\n"
    gateway = '@app.before_request\ndef gateway():\n    if time.monotonic() < UP_AT:\n        return "", 502\n'
    (tmp_path / "app.py").write_text(f"{(SOLUTION / 'app.py').read_text()}\n{late}\n\n{gateway}")
    assert graded(engine, tmp_path).points == 10


def test_what_was_not_taken_is_said(engine: Engine, tmp_path: Path) -> None:
    for path in SOLUTION.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "notes.md").write_text("")
    (tmp_path / "link.py").symlink_to("/etc/passwd")
    report = graded(engine, tmp_path)
    assert report.points == 10
    assert report.notes[0].startswith(
        "not taken: link.py (a link), notes.md (this exercise takes app.py, requirements.txt"
    )


def test_a_bug_before_the_run_leaves_no_run_open(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "take_in", breaks)
    with pytest.raises(EngineFault, match="the engine went away"):
        graded(engine)


def test_a_network_that_somebody_removed_is_no_fault_of_the_image(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    up = Single.up

    def up_without(self: Single, timeout: float) -> Refusal | None:
        engine.client.api.remove_network(self.lease.network.result())
        return up(self, timeout)

    monkeypatch.setattr(Single, "up", up_without)
    report = graded(engine)
    assert (outcomes(report)["start"], report.exit_code) == ("error", 4)


def test_a_fault_of_the_second_start_is_not_the_students(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    up, starts = Single.up, []

    def up_once(self: Single, timeout: float) -> Refusal | None:
        starts.append(self.image)
        return up(self, timeout) if len(starts) == 1 else breaks()

    monkeypatch.setattr(Single, "up", up_once)
    submission = case("01-hello/wrong/died-while-answering").submission(tmp_path / "it")
    report = graded(engine, submission)
    assert outcomes(report)["no-debug-console"] == "error"
    assert report.points is None
