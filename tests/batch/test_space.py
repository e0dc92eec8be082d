"""Room for the engine: low disk is told of, the build cache is cut back, and dead cgroups are let go of."""

import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from grader.batch import space
from grader.batch.space import EVERY, Space
from grader.engine import disk, dying
from grader.errors import EngineFault


class FakeEngine:
    """Notes what is done, and frees `gives` bytes when the build cache is trimmed."""

    def __init__(self, left: int, gives: int = 0) -> None:
        self.left, self.gives, self.kept = left, gives, []
        self.client = SimpleNamespace(api=SimpleNamespace(prune_builds=self.prune))

    def prune(self, keep_storage: int) -> None:
        self.kept.append(keep_storage)
        self.left += self.gives

    def later(self, work) -> None:
        work()


def room(engine: FakeEngine) -> Space:
    return Space(engine=engine, low=2_000_000_000, look=lambda each: each.left)


def test_with_enough_room_nothing_is_said_and_nothing_trimmed() -> None:
    engine = FakeEngine(2_000_000_000)
    assert room(engine).shortage(idle=True) == ""
    assert engine.kept == []


def test_what_is_under_way_keeps_its_cache() -> None:
    engine = FakeEngine(1_500_000_000, gives=10**10)
    said = "1.5 GB are free where the engine keeps its data, and 2.0 are needed"
    assert room(engine).shortage(idle=False) == said
    assert engine.kept == []


def test_once_nothing_is_under_way_the_cache_goes() -> None:
    engine = FakeEngine(1_500_000_000, gives=10**9)
    assert room(engine).shortage(idle=True) == ""
    assert engine.kept == [0]


def test_a_disk_that_stays_full_is_told_of() -> None:
    assert "1.4 GB are free" in room(FakeEngine(1_400_000_000)).shortage(idle=True)


def test_where_nobody_can_look_there_is_room() -> None:
    def gone(engine):
        raise EngineFault("away")

    for look in (gone, lambda engine: None):
        assert Space(engine=FakeEngine(0), look=look).shortage(idle=True) == ""


def test_now_and_then_the_cache_is_cut_back() -> None:
    engine = FakeEngine(10**10)
    kept = room(engine)
    for _ in range(2 * EVERY):
        kept.begin()
    assert engine.kept == [space.CACHE] * 2


def test_an_engine_elsewhere_has_no_disk_that_we_can_look_at() -> None:
    assert disk.free(SimpleNamespace(info={"DockerRootDir": "/var/lib/docker"}, local=False)) is None


@pytest.mark.parametrize(("dead", "asked"), [(dying.MANY, True), (dying.MANY - 1, False)])
def test_many_dead_cgroups_are_let_go_of(tmp_path, monkeypatch: pytest.MonkeyPatch, dead: int, asked: bool) -> None:
    containers = tmp_path / "memory" / "docker"
    (containers / "one").mkdir(parents=True)
    (containers / dying.EMPTY).write_text("")
    counts = tmp_path / "cgroups"
    counts.write_text(f"#subsys_name\thierarchy\tnum_cgroups\tenabled\ncpu\t1\t9\t1\nmemory\t4\t{3 + dead}\t1\n")
    monkeypatch.setattr(dying, "CONTAINERS", containers)
    monkeypatch.setattr(dying, "COUNTS", counts)
    monkeypatch.setattr(dying, "shares", lambda engine, kind: True)
    monkeypatch.setattr(dying, "state_folder", lambda: tmp_path)
    assert dying.let_go(SimpleNamespace()) is asked
    assert (containers / dying.EMPTY).read_text() == ("0" if asked else "")


def test_those_that_stay_are_not_asked_for_again_before_there_are_many_more(
    tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / dying.EMPTY).write_text("")
    monkeypatch.setattr(dying, "CONTAINERS", tmp_path)
    monkeypatch.setattr(dying, "shares", lambda engine, kind: True)
    monkeypatch.setattr(dying, "state_folder", lambda: tmp_path)
    monkeypatch.setattr(dying, "_alive", lambda: 0)
    asked = []
    for dead in (300, 300, 599, 600, 601, 20, 319, 320):
        monkeypatch.setattr(dying, "_known", lambda dead=dead: dead)
        asked.append(dying.let_go(SimpleNamespace()))
    assert asked == [True, False, False, True, False, False, False, True]


def test_the_kernel_is_given_a_while_and_no_more(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / dying.EMPTY)  # nobody reads it, so that who writes waits for ever
    monkeypatch.setattr(dying, "CONTAINERS", tmp_path)
    monkeypatch.setattr(dying, "shares", lambda engine, kind: True)
    monkeypatch.setattr(dying, "state_folder", lambda: tmp_path)
    monkeypatch.setattr(dying, "_known", lambda: 10_000)
    monkeypatch.setattr(dying, "WHILE", 0.05)
    monkeypatch.setattr(Path, "is_file", lambda path: True)
    assert dying.let_go(SimpleNamespace())


def test_cgroups_of_another_kernel_are_left_alone(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / dying.EMPTY).write_text("")
    monkeypatch.setattr(dying, "CONTAINERS", tmp_path)
    monkeypatch.setattr(dying, "shares", lambda engine, kind: False)
    assert not dying.let_go(SimpleNamespace())
