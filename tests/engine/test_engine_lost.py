"""The engine goes away in the middle of a grading: an ERROR that costs nothing, and the true verdict the next time."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.engine import connect
from grader.engine.labels import RUN
from tests.conftest import ROOT

from .ending import bring_back, end_it

pytestmark = [pytest.mark.docker, pytest.mark.ends_engine, pytest.mark.slow]

SUBMISSION = ROOT / "solutions" / "01-hello"
SLOW = """
schema = 1
title  = "Slow"
unit   = "01-hello"
files  = ["app.py", "requirements.txt", "Dockerfile"]

[run]
port = 5000

[[checks]]
id = "slow"
kind = "python"
function = "checks.py:wait"
rubric = "It waits"
points = 1
title = "A check that takes its time"
objective = "o"
hints = ["a", "b", "c"]

[[checks]]
id = "processes"
kind = "process"
not_shell = true
points = 1
title = "No shell stays in front of the app"
objective = "o"
hints = ["a", "b", "c"]
"""
# The test says when it may go on, once the engine is gone.
WAIT = """
import os, time

def wait(subject, random):
    open(os.environ["REACHED"], "w").close()
    while not os.path.exists(os.environ["GO_ON"]):
        time.sleep(0.05)
"""


@pytest.fixture
def engine_that_ends() -> Iterator[None]:
    """An engine that is there again afterwards."""
    yield
    bring_back()


class Grading:
    """A grading in a process of its own, held up in the middle until it is let go on."""

    def __init__(self, folder: Path) -> None:
        exercise = folder / "exercises" / "01-slow"
        exercise.mkdir(parents=True)
        (exercise / "exercise.toml").write_text(SLOW)
        (exercise / "checks.py").write_text(WAIT)
        self.reached, self.go_on = folder / "reached", folder / "go-on"
        options = ["--exercises", str(exercise.parent), "--format", "json"]
        self.environment = {**os.environ, "REACHED": str(self.reached), "GO_ON": str(self.go_on)}
        self.command = [sys.executable, "-m", "grader", "grade", *options, "01-slow", str(SUBMISSION)]
        self.process = self._start()

    def _start(self) -> subprocess.Popen[str]:
        pipe = subprocess.PIPE
        return subprocess.Popen(self.command, cwd=ROOT, env=self.environment, stdout=pipe, stderr=pipe, text=True)

    def until_reached(self) -> None:
        while not self.reached.exists():
            assert self.process.poll() is None, self.process.communicate()
            time.sleep(0.05)

    def end(self) -> tuple[int, dict]:
        self.go_on.touch()
        out, err = self.process.communicate(timeout=120)
        assert out, err
        return self.process.returncode, json.loads(out)

    def again(self) -> tuple[int, dict]:
        self.process = self._start()
        return self.end()


@pytest.fixture
def grading(engine_that_ends: None, tmp_path: Path) -> Iterator[Grading]:
    grading = Grading(tmp_path)
    yield grading
    if grading.process.poll() is None:
        grading.process.kill()
        grading.process.communicate()


@pytest.fixture
def nothing_left() -> Callable[[], bool]:
    def nothing_left() -> bool:
        engine = connect()
        try:
            api = engine.client.api
            found = [*api.containers(all=True), *api.networks(), *(api.volumes()["Volumes"] or ())]
            return not any(RUN in str(each.get("Labels")) for each in found)
        finally:
            engine.close()

    return nothing_left


def test_an_engine_that_is_killed_costs_nothing(grading: Grading, nothing_left: Callable[[], bool]) -> None:
    grading.until_reached()
    end_it(signal.SIGKILL)
    code, report = grading.end()
    assert code == 4
    assert (report["outcome"], report["points"]) == ("error", None)
    assert "fail" not in {result["outcome"] for result in report["results"]}
    assert [attempt["outcome"] for attempt in report["attempts"]] == ["error", "error"]
    assert all(attempt["faults"] for attempt in report["attempts"])
    bring_back()
    code, report = grading.again()
    assert (code, report["outcome"], report["points"], report["attempts"]) == (0, "pass", 2, [])
    assert nothing_left()


def test_an_engine_that_is_restarted_is_waited_for(grading: Grading, nothing_left: Callable[[], bool]) -> None:
    grading.until_reached()
    end_it(signal.SIGTERM)
    bring_back()
    code, report = grading.end()
    assert (code, report["outcome"], report["points"]) == (0, "pass", 2)
    first, second = report["attempts"]
    assert (first["outcome"], second["outcome"]) == ("error", "pass")
    assert first["faults"]
    assert second["faults"] == []
    assert nothing_left()
