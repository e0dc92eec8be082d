"""The same batch through a Dask cluster of two workers, one of which is killed: the same file comes out."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from distributed import Client

from grader.batch.cluster import RESOURCE, cluster
from grader.errors import EngineFault
from tests.conftest import ROOT

from .standing import gradings, left, verdicts

pytestmark = [pytest.mark.docker, pytest.mark.slow]

SLUG = "01-hello"
SEED = 7
COUNT = 12
DASK = [sys.executable, "-m", "dask"]


@contextlib.contextmanager
def process(*words: str) -> Iterator[subprocess.Popen]:
    started = subprocess.Popen(
        [*DASK, *words], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        yield started
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(started.pid, signal.SIGKILL)
        started.wait()


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[str]:
    """The address of a scheduler of our own."""
    told = tmp_path / "scheduler.json"
    with process("scheduler", "--port", "0", "--no-dashboard", "--scheduler-file", str(told)):
        deadline = time.monotonic() + 60
        while not told.exists():
            assert time.monotonic() < deadline
            time.sleep(0.1)
        with Client(scheduler_file=str(told), timeout=30, set_as_default=False) as client:
            yield client.scheduler.address


def worker(scheduler: str, folder: Path) -> contextlib.AbstractContextManager[subprocess.Popen]:
    """One that takes a grading at a time, and is not started again when it dies."""
    words = ["--nthreads", "1", "--resources", f"{RESOURCE}=1", "--no-nanny", "--no-dashboard"]
    return process("worker", scheduler, *words, "--local-directory", str(folder))


def test_a_worker_that_dies_changes_nothing(scheduler: str, tmp_path: Path) -> None:
    handed_in = tmp_path / "class"
    for number in range(COUNT):
        one = shutil.copytree(ROOT / "solutions" / SLUG, handed_in / f"student-{number:02}")
        (one / "app.py").write_text((one / "app.py").read_text() + f"\n# of the cluster, {number}\n")
    words = [sys.executable, "-m", "grader", "batch", SLUG, str(handed_in), "--seed", str(SEED)]
    here, there = tmp_path / "here", tmp_path / "there"
    subprocess.run([*words, "--out", str(here)], cwd=ROOT, check=True, capture_output=True)
    with worker(scheduler, tmp_path / "one") as first, worker(scheduler, tmp_path / "two"):
        batch = subprocess.Popen(
            [*words, "--out", str(there), "--cluster", scheduler],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 120
        while not (there / "batch.sqlite").exists() or gradings(there) < 3:
            assert time.monotonic() < deadline
            assert batch.poll() is None
            time.sleep(0.1)
        first.kill()
        assert batch.wait(timeout=300) == 0
    assert verdicts(there) == verdicts(here)
    # What the killed worker had on the engine is swept by the next run on it.
    subprocess.run([*words, "--out", str(here), "--regrade", "student-00"], cwd=ROOT, check=True, capture_output=True)
    assert left() == []


def test_where_no_scheduler_answers_the_next_step_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.batch.cluster.TIMEOUT", 0.5)
    said = r"^no Dask scheduler answers at tcp://127\.0\.0\.1:1: start one with `dask scheduler`$"
    with pytest.raises(EngineFault, match=said), cluster("tcp://127.0.0.1:1"):
        pass
