"""Intake: listed files only, no links, everything bounded, nothing looked at twice."""

import os
from pathlib import Path

import pytest

from grader import submission
from grader.errors import SubmissionError
from grader.exercise import Exercise, load
from grader.submission import Submission, take_in


@pytest.fixture
def exercise(root: Path) -> Exercise:
    return load(root / "exercises" / "01-hello" / "exercise.toml")


@pytest.fixture
def handed_in(tmp_path: Path) -> Path:
    folder = tmp_path / "handed in"
    folder.mkdir()
    for name in ("app.py", "requirements.txt", "Dockerfile"):
        (folder / name).write_text(f"# {name}\n")
    return folder


def taken(exercise: Exercise, source: Path, tmp_path: Path) -> Submission:
    into = tmp_path / f"copy-{len(list(tmp_path.iterdir()))}"
    into.mkdir()
    return take_in(exercise, source, into)


def test_listed_files_are_taken_and_the_rest_is_left(exercise: Exercise, handed_in: Path, tmp_path: Path) -> None:
    (handed_in / "notes.md").write_text("mine")
    (handed_in / "pages").mkdir()
    (handed_in / "pages" / "about.py").write_text("")
    (handed_in / "pages" / "deeper").mkdir()
    (handed_in / "pages" / "deeper" / "far.py").write_text("")
    found = taken(exercise, handed_in, tmp_path)
    assert found.files == ("Dockerfile", "app.py", "pages/about.py", "requirements.txt")
    assert found.left_out == ("notes.md", "pages/deeper/far.py")
    assert found.missing == ()
    assert (found.folder / "pages" / "about.py").is_file()
    assert not (found.folder / "notes.md").exists()


@pytest.mark.parametrize("folder", [".git", "venv", "node_modules"])
def test_what_tools_leave_behind_is_not_even_looked_into(
    exercise: Exercise, handed_in: Path, tmp_path: Path, folder: str
) -> None:
    (handed_in / folder).mkdir()
    (handed_in / folder / "app.py").write_text("")
    assert taken(exercise, handed_in, tmp_path).left_out == ()


def test_a_link_is_not_followed(exercise: Exercise, handed_in: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("the key")
    (handed_in / "app.py").unlink()
    (handed_in / "app.py").symlink_to(secret)
    (handed_in / "src").symlink_to(tmp_path)
    found = taken(exercise, handed_in, tmp_path)
    assert found.missing == ("app.py",)
    assert found.left_out == ("app.py", "src")
    assert not (found.folder / "app.py").exists()


def test_a_pipe_is_not_opened(exercise: Exercise, handed_in: Path, tmp_path: Path) -> None:
    (handed_in / "app.py").unlink()
    os.mkfifo(handed_in / "app.py")
    assert taken(exercise, handed_in, tmp_path).missing == ("app.py",)


def test_a_lower_case_dockerfile_counts_as_one(exercise: Exercise, handed_in: Path, tmp_path: Path) -> None:
    (handed_in / "Dockerfile").rename(handed_in / "dockerfile")
    found = taken(exercise, handed_in, tmp_path)
    assert found.missing == ()
    assert (found.folder / "Dockerfile").is_file()


def test_the_digest_is_that_of_names_and_contents(exercise: Exercise, handed_in: Path, tmp_path: Path) -> None:
    first = taken(exercise, handed_in, tmp_path).digest
    (handed_in / "notes.md").write_text("not taken")
    assert taken(exercise, handed_in, tmp_path).digest == first
    (handed_in / "app.py").write_text("another")
    assert taken(exercise, handed_in, tmp_path).digest != first


def test_a_script_can_be_run_and_nothing_else(exercise: Exercise, handed_in: Path, tmp_path: Path) -> None:
    (handed_in / "boot.sh").write_text("#!/bin/sh\n")
    (handed_in / "app.py").chmod(0o6777)
    found = taken(exercise, handed_in, tmp_path)
    modes = {name: (found.folder / name).stat().st_mode & 0o7777 for name in ("boot.sh", "app.py")}
    assert modes == {"boot.sh": 0o755, "app.py": 0o644}


@pytest.mark.parametrize(
    ("limit", "value", "message"),
    [
        ("FILE_LIMIT", 5, r"is larger than 0 MB: hand in your own work only"),
        ("TOTAL_LIMIT", 20, r"holds more than 0 MB: hand in your own work only"),
        ("COUNT_LIMIT", 2, r"holds more than 2 files: hand in your own work only"),
    ],
)
def test_more_than_any_honest_work_is_refused(
    exercise: Exercise,
    handed_in: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    limit: str,
    value: int,
    message: str,
) -> None:
    monkeypatch.setattr(submission, limit, value)
    with pytest.raises(SubmissionError, match=message):
        taken(exercise, handed_in, tmp_path)


def test_a_file_is_no_submission(exercise: Exercise, handed_in: Path, tmp_path: Path) -> None:
    with pytest.raises(SubmissionError, match=r"Dockerfile is a file: a submission is a folder, such as .*handed in$"):
        taken(exercise, handed_in / "Dockerfile", tmp_path)


def test_a_folder_that_is_not_there_says_what_to_name(exercise: Exercise, tmp_path: Path) -> None:
    with pytest.raises(SubmissionError, match=r"no folder .*: name the folder that holds your Dockerfile"):
        taken(exercise, tmp_path / "nowhere", tmp_path)
