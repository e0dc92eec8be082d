"""What is remembered between two gradings, whatever happens to the file."""

import json
import multiprocessing
import os
import stat
import subprocess
import sys
from pathlib import Path

import filelock
import pytest

from grader import progress
from grader.progress import Progress, Standing, first_unfinished, load, record
from grader.report import Outcome, Report, Result

PASS, FAIL, SKIP, ERROR = Outcome.PASS, Outcome.FAIL, Outcome.SKIP, Outcome.ERROR


def report(exercise="01-hello", digest="9f2c5e0d", **outcomes) -> Report:
    """A report whose checks are worth four points each."""
    return Report(
        exercise=exercise,
        title="Hello",
        submission="exercises/01-hello",
        digest=digest,
        seed=42,
        results=tuple(
            Result(id=id, kind="http", title=id, outcome=outcome, max_points=4) for id, outcome in outcomes.items()
        ),
        started="2026-11-20T10:00:00+00:00",
        seconds=1.0,
    )


@pytest.fixture
def path(tmp_path):
    return tmp_path / ".progress.json"


def after(path, *reports) -> Standing:
    for each in reports:
        assert record(each, path).notes == ()
    return load(path).exercises["01-hello"]


def test_nothing_is_remembered_at_first(path):
    assert load(path) == Progress()
    assert list(path.parent.iterdir()) == []


def test_the_file_is_as_documented(path):
    record(report(a=PASS, b=FAIL), path)
    assert json.loads(path.read_text()) == {
        "schema": 1,
        "exercises": {"01-hello": {"best": 4, "max": 8, "attempts": 1, "failed": {"b": 1}, "digest": "9f2c5e0d"}},
    }


def test_the_best_score_stays(path):
    standing = after(path, report(a=PASS, b=FAIL), report(a=PASS, b=PASS), report(a=FAIL, b=FAIL))
    assert (standing.best, standing.max, standing.attempts) == (8, 8, 3)


@pytest.mark.parametrize("then", [{"a": PASS}, {"a": PASS, "b": FAIL, "c": FAIL}], ids=["fewer points", "more points"])
def test_another_maximum_starts_anew(path, then):
    standing = after(path, report(a=PASS, b=PASS), report(**then))
    assert (standing.best, standing.max, standing.attempts) == (4, 4 * len(then), 2)


def test_failures_count_as_long_as_they_follow_each_other(path):
    failures = [load(path).failures("01-hello").get("a", 0)]
    for number, outcome in enumerate((FAIL, FAIL, SKIP, FAIL, PASS, FAIL)):
        failures.append(record(report(digest=str(number), a=outcome), path).failures("01-hello").get("a", 0))
    assert failures == [0, 1, 2, 2, 3, 0, 1]


def test_the_same_files_graded_again_are_no_new_failure(path):
    failures = []
    for digest, outcome in (("a", FAIL), ("a", FAIL), ("b", FAIL), ("b", SKIP), ("b", FAIL), ("a", FAIL), ("a", PASS)):
        failures.append(record(report(digest=digest, a=outcome), path).failures("01-hello").get("a", 0))
    assert failures == [1, 1, 2, 2, 2, 3, 0]


def test_what_an_earlier_grader_remembered_is_read(path):
    path.write_text(
        '{"schema": 1, "exercises": {"01-hello": {"best": 4, "max": 8, "attempts": 1, "failed": {"a": 1}}}}'
    )
    assert after(path, report(a=FAIL, b=PASS)).failed == {"a": 2}


def test_a_check_that_is_gone_is_forgotten(path):
    assert after(path, report(a=FAIL, b=FAIL), report(digest="b", b=FAIL)).failed == {"b": 2}


def test_an_error_changes_nothing(path):
    record(report(a=FAIL), path)
    before = path.read_bytes()
    assert record(report(a=PASS, b=ERROR), path) == load(path)
    assert path.read_bytes() == before


def test_exercises_do_not_touch_each_other(path):
    record(report("02-layers", a=PASS), path)
    first = load(path).exercises["02-layers"]
    record(report("01-hello", a=FAIL), path)
    assert load(path).exercises["02-layers"] == first
    assert load(path).failures("03-degrees") == {}


DAMAGED = [
    pytest.param(b"", id="empty"),
    pytest.param(b'{"schema": 1, "exercises": {"01-he', id="cut short"),
    pytest.param(b"\xff\xfe\x00", id="no text"),
    pytest.param(b'{"schema": 1, "exercises": {"\xff": {}}}', id="no UTF-8"),
    pytest.param(b"[" * 100_000, id="too deep"),
    pytest.param(b'{"schema": 2, "exercises": {}}', id="another schema"),
    pytest.param(b'{"schema": 1}', id="a key missing"),
    pytest.param(b'{"schema": 1, "exercises": {"a": {"best": -1, "max": 1, "attempts": 1}}}', id="below zero"),
    pytest.param(b'{"schema": 1, "exercises": {}, "x": 1}', id="an unknown key"),
]


@pytest.mark.parametrize("content", DAMAGED)
@pytest.mark.parametrize("act", [load, lambda path: record(report(a=PASS), path)], ids=["load", "record"])
def test_a_damaged_file_is_set_aside_and_told(path, content, act):
    path.write_bytes(content)
    (note,) = act(path).notes
    assert note.startswith(".progress.json could not be understood (")
    assert note.endswith("): kept as .progress.json.damaged, and a new one begins")
    assert path.with_name(".progress.json.damaged").read_bytes() == content
    assert load(path).notes == ()


def test_damaged_files_do_not_replace_each_other(path):
    for content in (b"one", b"two", b"three"):
        path.write_bytes(content)
        load(path)
    kept = sorted(each.name for each in path.parent.glob("*.damaged*"))
    assert kept == [".progress.json.damaged", ".progress.json.damaged-2", ".progress.json.damaged-3"]
    assert path.with_name(".progress.json.damaged").read_bytes() == b"one"


@pytest.mark.parametrize("act", [load, lambda path: record(report(a=PASS), path)], ids=["load", "record"])
def test_a_file_that_cannot_be_read_is_told(path, act):
    path.mkdir()
    assert "your progress could not be read: Is a directory" in act(path).notes[0]


def test_a_score_that_cannot_be_saved_is_told(path):
    missing = path.parent / "missing"
    missing.touch()
    notes = record(report(a=PASS), missing / path.name).notes
    assert any(note.startswith("this score was not saved: ") for note in notes)


def test_a_write_that_fails_leaves_the_old_file(path, monkeypatch):
    record(report(a=PASS), path)
    before = path.read_bytes()

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    remembered = record(report(a=FAIL), path)
    assert remembered.notes == ("this score was not saved: No space left on device; mend that and grade again",)
    assert remembered.exercises["01-hello"].attempts == 1
    assert path.read_bytes() == before
    assert not list(path.parent.glob("*.tmp"))


def test_what_a_crash_left_behind_is_no_hindrance(path):
    path.with_name(path.name + ".tmp").write_text("half")
    assert after(path, report(a=PASS)).attempts == 1
    assert not list(path.parent.glob("*.tmp"))


def test_a_lock_that_is_held_too_long_is_told(path, monkeypatch):
    monkeypatch.setattr(progress, "LOCK_SECONDS", 0.01)
    with filelock.FileLock(f"{path}.lock"):
        (note,) = record(report(a=PASS), path).notes
    assert note.startswith("this score was not saved: ")
    assert ".progress.json.lock" in note


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX's")
def test_whoever_graded_with_sudo_is_not_locked_out(path):
    record(report(a=PASS), path)
    assert stat.S_IMODE(path.with_name(path.name + ".lock").stat().st_mode) == 0o666
    assert stat.S_IMODE(path.stat().st_mode) & 0o044 == 0o044 & ~_umask()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _grade_often(path: Path, exercise: str, times: int) -> None:
    for _ in range(times):
        record(report(exercise, a=FAIL), path)


def test_two_graders_at_once_lose_nothing(path):
    spawn = multiprocessing.get_context("spawn")
    graders = [spawn.Process(target=_grade_often, args=(path, f"0{n % 2}-x", 20)) for n in range(4)]
    for grader in graders:
        grader.start()
    for grader in graders:
        grader.join()
    assert [grader.exitcode for grader in graders] == [0] * 4
    assert {slug: standing.attempts for slug, standing in load(path).exercises.items()} == {"00-x": 40, "01-x": 40}


@pytest.mark.parametrize(
    ("scores", "slug"),
    [
        ({}, "a"),
        ({"a": (4, 4)}, "b"),
        ({"a": (3, 4), "b": (4, 4)}, "a"),
        ({"a": (4, 4), "b": (4, 4), "c": (4, 4)}, None),
        ({"a": (3, 3)}, "a"),
    ],
    ids=["none tried", "one done", "one half done", "all done", "worth more than it was"],
)
def test_the_first_unfinished_exercise(scores, slug):
    exercises = {name: Standing(best=best, max=most, attempts=1) for name, (best, most) in scores.items()}
    assert first_unfinished(dict.fromkeys("abc", 4), Progress(exercises=exercises)) == slug


def test_the_lock_is_imported_only_where_it_is_used():
    modules = "grader.progress, grader.render, grader.render.board"
    code = f"import sys, {modules}; print({{'filelock', 'rich'}} & set(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "set()\n"
