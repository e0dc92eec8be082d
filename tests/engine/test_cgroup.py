"""The cgroups of builds: each run has one of its own, also where runs that were killed have left theirs."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from grader.engine import Engine, cgroup, cgroupfs, nearness

pytestmark = pytest.mark.docker

RUNS = 6
ROUNDS = 8  # half of them show it, where two look at the same old one
HELPER = "debian:trixie-slim"

Take = Callable[[int], str]


def place(name: str) -> Path:
    """The folder of a cgroup, in whichever layout this machine has."""
    return next(
        (path for path in (cgroupfs.ROOT / "pids" / name, cgroupfs.ROOT / name) if path.is_dir()), Path("/gone")
    )


@pytest.fixture
def take(engine: Engine, tmp_path: Path) -> Iterator[Take]:
    """Has a new run begin to build; gives its cgroup's name."""
    if not nearness.shares(engine, "cgroup"):
        pytest.skip("the cgroups cannot be seen from here")
    taken = set()

    def take(number: int) -> str:
        folder = tmp_path / str(number)
        folder.mkdir()
        with cgroup.limited(engine, folder=folder, label="no-container", image=HELPER) as group:
            taken.add(group.name)
            return group.name

    yield take
    for name in taken:
        cgroupfs.remove(name)


def test_old_ones_are_removed_and_no_new_one_with_them(take: Take, monkeypatch: pytest.MonkeyPatch) -> None:
    old: set[int] = set()
    monkeypatch.setattr(
        cgroupfs, "idle", lambda name, seconds: place(name).exists() and place(name).stat().st_ino in old
    )
    begin = threading.Barrier(RUNS)

    def at_once(number: int) -> str:
        begin.wait()
        return take(number)

    for first in range(0, ROUNDS * RUNS, RUNS):
        with ThreadPoolExecutor(RUNS) as pool:
            names = list(pool.map(at_once, range(first, first + RUNS)))
        assert len(set(names)) == RUNS
        assert [name for name in names if not place(name).is_dir()] == []
        old |= {place(name).stat().st_ino for name in names}  # as if they had been left two hours ago


def test_what_a_run_had_is_given_back_once(engine: Engine, take: Take, tmp_path: Path) -> None:
    name = take(0)
    left = (tmp_path / "0" / cgroup.HELD).read_text()
    cgroup.release(tmp_path / "0")
    assert not place(name).is_dir()
    assert not (tmp_path / "0" / cgroup.HELD).exists()
    assert left == f"{name}\n"
    with contextlib.suppress(FileExistsError):
        cgroupfs.make(name)  # for another run
    cgroup.release(tmp_path / "0")  # by a sweep that comes late
    assert place(name).is_dir()
