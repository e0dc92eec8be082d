"""A batch's file: what goes in comes out, nothing is written by halves, and no other file is taken for one."""

import sqlite3

import pytest

from grader.batch import parcel as parcels
from grader.batch.gradebook import Correction
from grader.batch.job import Job
from grader.batch.store import FILE, Store
from grader.errors import UsageError
from grader.report import Outcome
from grader.submission import take_in

from .making import class_of, hand_in, kit_of, parcel_of, report_of, student


@pytest.fixture
def kit(tmp_path):
    return kit_of(tmp_path)


@pytest.fixture
def store(tmp_path, kit):
    with Store(tmp_path / "out", new=True) as store:
        store.begin(kit[0], seed=7)
        yield store


def report(kit, parcel, *outcomes):
    return report_of(Job(kit=kit[0], parcel=parcel, seed=1), *outcomes)


def test_a_parcel_is_the_submission_that_it_was_made_of(tmp_path, kit):
    source, copy, again = (tmp_path / name for name in ("source", "copy", "again"))
    for folder in (source, copy):
        folder.mkdir()
    (source / "app.py").write_bytes(b"\xff\x00")
    (source / "dockerfile").write_text("#!/bin/sh\n")
    (source / "notes.txt").write_text("mine")
    (source / "other").symlink_to("/etc/passwd")
    taken = take_in(kit[1], source, copy)
    laid_out = parcels.unpack(parcels.pack(taken), again)
    assert {**vars(laid_out), "folder": copy} == vars(taken)
    for name in taken.files:
        assert (again / name).read_bytes() == (copy / name).read_bytes()
        assert (again / name).stat().st_mode == (copy / name).stat().st_mode


def test_a_parcel_leaves_its_folder_for_nothing(tmp_path, kit):
    parcel = parcel_of(kit[1], tmp_path, "")
    for name in ("../app.py", "/app.py", "a/../../app.py", ""):
        with pytest.raises(ValueError, match="outside its folder"):
            parcels.unpack(parcels.Parcel(**{**fields(parcel), "files": {name: b""}}), tmp_path / "into")
    assert not list((tmp_path / "into").rglob("*"))


def fields(parcel):
    return {name: getattr(parcel, name) for name in parcel.__struct_fields__}


def test_the_same_contents_are_kept_once(store, kit, tmp_path):
    parcel = parcel_of(kit[1], tmp_path, "x = 1\n")
    for name in ("ada", "bob"):
        store.roll.hand_in(hand_in(name), parcel)
    assert [each.key for each in store.roll.behind(parcel.key)] == ["ada", "bob"]
    assert list(store.roll.handed_in()) == [parcel.key]
    assert store.roll.parcel(parcel.key) == parcel


def test_another_file_beside_makes_another_parcel(kit, tmp_path):
    parcel = parcel_of(kit[1], tmp_path, "")
    with_more = parcels.Parcel(**{**fields(parcel), "left_out": ("notes.txt",)})
    assert with_more.digest == parcel.digest
    assert with_more.key != parcel.key


def test_a_student_who_was_missing_may_hand_in_later_and_keeps_it(store, kit, tmp_path):
    store.roll.missing([student("ada"), student("bob")])
    store.roll.hand_in(hand_in("ada", late=True), parcel_of(kit[1], tmp_path, ""))
    store.roll.missing([student("ada"), student("bob")])
    rows = {row.student.key: row for row in store.roll.rows()}
    assert (rows["ada"].late, rows["ada"].source) == (True, "class/ada")
    assert rows["ada"].parcel
    assert rows["bob"].parcel is None


def test_a_refusal_is_kept_with_its_reason(store):
    store.roll.hand_in(hand_in("ada"), None, refusal="a bomb")
    (row,) = store.roll.rows()
    assert (row.parcel, row.refusal) == (None, "a bomb")


def test_what_is_finished_is_due_no_more_and_recorded_once(store, kit, tmp_path):
    parcel = class_of(store, kit[1], tmp_path, "ada")["ada"]
    store.work.want({parcel.key: ()})
    for _ in range(2):
        store.work.finish(parcel.key, kit[0].digest, report(kit, parcel))
    assert store.work.due() == ()
    assert store.work.newest(parcel.key).report.outcome is Outcome.PASS
    assert store._db.execute("SELECT count(*) FROM grading").fetchone() == (1,)


def test_an_error_stays_due_and_never_hides_what_was_told(store, kit, tmp_path):
    parcel = class_of(store, kit[1], tmp_path, "ada")["ada"]
    for outcome in (Outcome.FAIL, Outcome.ERROR):
        store.work.want({parcel.key: ("counts",)})
        store.work.finish(parcel.key, kit[0].digest, report(kit, parcel, Outcome.PASS, Outcome.PASS, outcome))
    (due,) = store.work.due()
    assert (due.checks, due.tries) == (("counts",), 1)
    assert store.work.newest(parcel.key).report.outcome is Outcome.FAIL
    store.work.forgive()
    assert store.work.due()[0].tries == 0
    store.work.drop([parcel.key])
    assert store.work.due() == ()


def test_what_is_in_the_file_is_there_when_it_is_opened_again(store, kit, tmp_path):
    parcel = class_of(store, kit[1], tmp_path, "ada")["ada"]
    store.work.want({parcel.key: ()})
    store.work.finish(parcel.key, kit[0].digest, report(kit, parcel))
    store.correct("ada", Correction(points=4, reason="a typo of ours", at="2026-01-01"))
    store.correct("ada", Correction(check="own", points=1.5, reason="half right", at="2026-01-02"))
    with Store(tmp_path / "out") as again:
        assert again.kit() == kit[0]
        assert (again.seed, again.started) == (7, store.started)
        assert again.work.newest(parcel.key) == store.work.newest(parcel.key)
        assert [each.points for each in again.corrections("ada")] == [4, 1.5]


def test_a_batch_keeps_its_exercise_and_its_seed(store, kit, tmp_path):
    store.begin(kit[0], seed=None)
    assert store.seed == 7
    with pytest.raises(UsageError, match=r"^this batch has seed 7, not 8: leave --seed out"):
        store.begin(kit[0], seed=8)
    other = type(kit[0])(slug="02-other", files=kit[0].files)
    with pytest.raises(UsageError, match=r"holds a batch of 07-count, not of 02-other: name another --out$"):
        store.begin(other, seed=None)


def test_where_there_is_no_batch_the_folder_is_named(tmp_path):
    with pytest.raises(UsageError, match=r"^no batch in .*: there is no batch\.sqlite; name the folder that --out"):
        Store(tmp_path)
    with Store(tmp_path / "new", new=True) as store, pytest.raises(UsageError, match="was never begun: run `python"):
        store.kit()


def test_a_file_that_is_no_batch_is_left_as_it_is(tmp_path):
    path = tmp_path / FILE
    path.write_bytes(b"not a database, and longer than the header of one would be: " * 10)
    with pytest.raises(UsageError, match=r"is no batch, or is damaged: .*; name another --out$"):
        Store(tmp_path, new=True)
    assert path.read_bytes().startswith(b"not a database")
    path.unlink()
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE theirs (x)")
    other.close()
    with pytest.raises(UsageError, match="is another program's, and this is version 1: name another --out"):
        Store(tmp_path, new=True)


def test_a_batch_of_a_later_version_is_left_alone(store, tmp_path):
    store._db.execute("PRAGMA user_version = 9")
    with pytest.raises(UsageError, match="is a batch of version 9, and this is version 1"):
        Store(tmp_path / "out")


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match=r"file/out cannot be made: Not a directory; name another --out"):
        Store(tmp_path / "file" / "out", new=True)


def test_what_fails_in_the_middle_is_not_written_by_half(store, kit, tmp_path):
    parcel = parcel_of(kit[1], tmp_path, "")
    with pytest.raises(sqlite3.IntegrityError):
        store.roll.hand_in(hand_in("ada"), parcel, refusal="and a parcel")
    assert list(store.roll.rows()) == []
    assert store._db.execute("SELECT count(*) FROM parcel").fetchone() == (0,)
