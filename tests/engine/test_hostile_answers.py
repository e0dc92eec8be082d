"""A submission whose every route but one means harm: each costs its own points, and nothing else."""

import shutil
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.engine import Engine
from grader.grade import grade
from grader.http import DEADLINE
from grader.report import Outcome, Report
from tests.conftest import ROOT

pytestmark = pytest.mark.docker

EXERCISE = ROOT / "tests" / "exercises" / "hostile"
MARGIN = 5.0  # seconds to look at the container after the deadline, on a machine with other things to do
HARM = {
    "drip": {"reason": "timeout"},
    "silent": {"reason": "timeout"},
    "endless": {"fault": "length", "truncated": "yes"},
    "bomb": {"fault": "contains", "truncated": "yes", "coding": "gzip"},
    "redirect": {"fault": "status", "status": "302"},  # to a server on this machine
    "headers": {"reason": "not-http"},
    "interim": {"reason": "not-http"},
    "nested": {"fault": "json", "json_fault": "not-json"},
    "backtracks": {"fault": "matches", "late": "yes"},
    "remembers": {"fault": "elsewhere", "step": "2"},
}


class Secret:
    """A server on this machine's loopback that nobody is to ask."""

    def __init__(self) -> None:
        self.visits = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.visits += 1
            with connection:
                connection.sendall(b"HTTP/1.1 200 OK\r\n\r\nHello, SECRET!\n")

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


@pytest.fixture
def secret() -> Iterator[Secret]:
    secret = Secret()
    yield secret
    secret.close()


def graded(engine: Engine, submission: Path) -> Report:
    return grade(EXERCISE, submission, engine, progress=lambda line: None)


def test_an_honest_server_gets_full_marks(engine: Engine) -> None:
    report = graded(engine, EXERCISE / "solution")
    assert report.points == report.max_points, [result.got for result in report.results]


def test_a_hostile_answer_costs_its_own_points_and_nothing_else(engine: Engine, secret: Secret, tmp_path: Path) -> None:
    submission = tmp_path / "submission"
    shutil.copytree(ROOT / "tests" / "hostile", submission)
    app = submission / "app.py"
    app.write_text(app.read_text().replace("SECRET_PORT", str(secret.port)))
    report = graded(engine, submission)
    results = {result.id: result for result in report.results}
    failed = {result.id for result in report.results if result.outcome is Outcome.FAIL}
    assert failed == HARM.keys(), [(result.id, result.got[:200]) for result in report.results]
    assert {result.outcome for result in report.results} == {Outcome.PASS, Outcome.FAIL}
    for id, facts in HARM.items():
        assert results[id].evidence.items() >= facts.items()
        assert results[id].seconds < DEADLINE + MARGIN
        assert results[id].evidence["running"] == "yes"
        assert len(results[id].got) < 30_000
        assert "SECRET!" not in results[id].got
    assert str(secret.port) in results["redirect"].evidence["location"]
    assert secret.visits == 0
