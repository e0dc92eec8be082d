"""The commands for a class, as an instructor types them: without an engine, what can be said is said in one line."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from grader.batch.store import Store
from grader.cli import main
from tests.batch.test_run import run as grade_all

from .making import class_of, exercise_folder, kit_of, report_of

NOBODY = "Error: no container engine answers at unix:///nowhere/docker.sock: start it, or run `make doctor`\n"


def run(*args: object) -> Result:
    return CliRunner(env={"DOCKER_HOST": "unix:///nowhere/docker.sock"}).invoke(
        main, [str(each) for each in args], prog_name="python -m grader"
    )


@pytest.fixture
def graded(tmp_path: Path) -> Path:
    """The folder of a batch of two, both with full marks."""
    kit = kit_of(tmp_path)
    with Store(tmp_path / "out", new=True) as store:
        store.begin(kit[0], seed=1)
        class_of(store, kit[1], tmp_path, "ada bob")
        grade_all(store, kit, report_of)
    return tmp_path / "out"


def test_without_an_engine_a_batch_takes_in_and_says_what_is_missing(tmp_path: Path) -> None:
    folder = exercise_folder(tmp_path / "exercises")
    work = tmp_path / "class" / "ada"
    work.mkdir(parents=True)
    (work / "Dockerfile").write_text("FROM debian:trixie-slim\n")
    words = ("batch", folder.name, tmp_path / "class", "--out", tmp_path / "out", "--exercises", folder.parent)
    result = run(*words)
    assert (result.exit_code, result.stdout) == (4, "")
    assert result.stderr.endswith(NOBODY)
    with Store(tmp_path / "out") as store:
        assert [row.student.key for row in store.roll.rows()] == ["ada"]
        assert len(store.work.due()) == 1


def test_what_is_graded_needs_no_engine_any_more(tmp_path: Path, graded: Path) -> None:
    folder = exercise_folder(tmp_path / "exercises")
    result = run("batch", folder.name, "--out", graded, "--exercises", folder.parent, "--format", "csv")
    assert (result.exit_code, result.stderr) == (0, "2 of 2 submissions are graded already\n")
    assert result.stdout.endswith(f"written: {graded / 'grades.csv'}\n")


def test_a_report_is_written_again_and_a_correction_is_in_it(graded: Path) -> None:
    said = run("correct", graded, "Ada", "4.5", "--reason", "a typo of ours")
    assert (said.exit_code, said.stdout) == (0, "Ada: 4.5 of 5, because: a typo of ours\n")
    result = run("report", graded, "--format", "csv", "--format", "junit")
    assert result.exit_code == 0
    assert ",graded,4.5,5," in (graded / "grades.csv").read_text(encoding="utf-8-sig")
    assert "with full marks" in result.stdout


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("correct", "{out}", "adda", "1", "--reason", "x"), "no student 'adda' in this batch: did you mean 'ada'?"),
        (("correct", "{out}", "zzzzzz", "1", "--reason", "x"), "no student 'zzzzzz' in this batch: look at grades.csv"),
        (("correct", "{out}", "ada", "6", "--reason", "x"), "6 points are more than 07-count is worth: 5"),
        (
            ("correct", "{out}", "ada", "3", "--check", "counts", "--reason", "x"),
            "3 points are more than counts is worth: 2",
        ),
        (
            ("correct", "{out}", "ada", "1", "--check", "count", "--reason", "x"),
            "no check 'count' in 07-count: did you mean 'counts'?",
        ),
        (("correct", "{out}", "ada", "1", "--reason", " "), "--reason is empty: the student reads it, so say why"),
        (
            ("report", "{out}/none"),
            "no batch in {out}/none: there is no batch.sqlite; name the folder that --out named",
        ),
        (("report", "{out}", "--book", "x"), "'x' is no address of a course: it starts with https:// or http://"),
    ],
)
def test_what_cannot_be_meant_is_answered_in_one_line(graded: Path, args: tuple[str, ...], message: str) -> None:
    result = run(*(each.format(out=graded) for each in args))
    assert result.exit_code == 2
    assert result.stderr == f"Error: {message.format(out=graded)}\n"
    assert result.stdout == ""


def test_two_students_of_one_name_are_told_apart_by_their_keys(graded: Path) -> None:
    with Store(graded) as store:
        row = next(store.roll.rows())
        store.roll.missing([type(row.student)(key="ada-2", name=row.student.name)])
    result = run("correct", graded, "Ada", "1", "--reason", "x")
    assert result.stderr == "Error: 'Ada' are 2 students: name one by the key, of ada, ada-2\n"


def test_one_folder_is_worked_on_by_one_batch(tmp_path: Path, graded: Path) -> None:
    from filelock import FileLock

    folder = exercise_folder(tmp_path / "exercises")
    with FileLock(graded / ".lock"):
        result = run("batch", folder.name, "--out", graded, "--exercises", folder.parent)
    assert result.exit_code == 2
    assert result.stderr == f"Error: another batch is at work in {graded}: wait for it, or name another --out\n"


def test_an_out_that_is_a_file_is_named(tmp_path: Path) -> None:
    folder = exercise_folder(tmp_path / "exercises")
    (tmp_path / "file").write_text("")
    result = run("batch", folder.name, "--out", tmp_path / "file" / "out", "--exercises", folder.parent)
    assert result.exit_code == 2
    assert "file/out cannot be written: Not a directory; name another --out" in result.stderr
