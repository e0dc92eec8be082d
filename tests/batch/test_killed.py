"""A batch that is killed, or loses its engine, goes on where it was: nothing lost, nothing twice, nothing left."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.batch.gradebook import State
from tests.conftest import ROOT
from tests.engine.ending import bring_back, end_it

from .standing import gradings, left, verdicts

pytestmark = [pytest.mark.docker, pytest.mark.slow]

SLUG = "01-hello"
KILLS = 20
COUNT = 40  # submissions: more than can be graded between the kills
SEED = 7


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A class whose submissions all differ: most are right, and some have no newline at the end of the answer."""
    folder = tmp_path_factory.mktemp("class") / "class"
    for number in range(COUNT):
        one = folder / f"student-{number:02}"
        shutil.copytree(ROOT / "solutions" / SLUG, one)
        app = (one / "app.py").read_text()
        if number % 5 == 4:
            app = app.replace("\\n", "")
        (one / "app.py").write_text(f"{app}\n# {number}\n")
    return folder


def command(handed_in: Path, out: Path) -> list[str]:
    words = ["batch", SLUG, str(handed_in), "--out", str(out), "--seed", str(SEED), "--jobs", "2"]
    return [sys.executable, "-m", "grader", *words]


def to_the_end(handed_in: Path, out: Path) -> None:
    done = subprocess.run(command(handed_in, out), cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr + done.stdout


@pytest.fixture(scope="module")
def undisturbed(handed_in: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple]:
    out = tmp_path_factory.mktemp("undisturbed")
    to_the_end(handed_in, out)
    return verdicts(out)


def test_twenty_kills_change_nothing(handed_in: Path, undisturbed: dict[str, tuple], tmp_path: Path) -> None:
    out = tmp_path / "out"
    chance = random.Random(SEED)
    for _ in range(KILLS):
        process = subprocess.Popen(
            command(handed_in, out), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(chance.uniform(0.1, 4.0))
        assert process.poll() is None, "it was done before it could be killed: the class is too small"
        process.send_signal(signal.SIGKILL)
        process.wait()
    before = gradings(out)
    to_the_end(handed_in, out)
    assert 0 < before < COUNT
    assert verdicts(out) == undisturbed
    assert gradings(out) == COUNT
    assert left() == []


@pytest.fixture
def engine_that_ends() -> Iterator[None]:
    yield
    bring_back()


@pytest.mark.ends_engine
def test_an_engine_that_stops_in_the_middle_costs_nobody_a_point(
    handed_in: Path, undisturbed: dict[str, tuple], tmp_path: Path, engine_that_ends: None
) -> None:
    out = tmp_path / "out"
    with open(tmp_path / "log", "w") as log:
        process = subprocess.Popen(command(handed_in, out), cwd=ROOT, stdout=log, stderr=log)
        deadline = time.monotonic() + 60
        while not (out / "batch.sqlite").exists() or gradings(out) < 5:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        end_it(signal.SIGTERM)
        time.sleep(3)
        bring_back()
        assert process.wait(timeout=300) == 0, (tmp_path / "log").read_text()
    assert verdicts(out) == undisturbed
    assert {state for state, *_ in undisturbed.values()} == {State.GRADED}
    assert left() == []


def test_ctrl_c_ends_in_order_and_says_how_to_go_on(
    handed_in: Path, undisturbed: dict[str, tuple], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    process = subprocess.Popen(
        command(handed_in, out), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    deadline = time.monotonic() + 60
    while not (out / "batch.sqlite").exists() or gradings(out) < 3:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    os.kill(process.pid, signal.SIGINT)
    printed, told = process.communicate(timeout=60)
    assert process.returncode == 130, told
    assert "are finished first; Ctrl-C again does not wait for them" in told
    assert "waiting to be graded" in printed
    assert left() == []
    to_the_end(handed_in, out)
    assert verdicts(out) == undisturbed
    assert gradings(out) == COUNT
