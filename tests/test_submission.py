"""Intake: listed files only, no links, everything bounded, nothing looked at twice."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from grader import submission
from grader.errors import SubmissionError
from grader.exercise import Exercise, load
from grader.submission import Submission, take_in

OUTSIDE = "not handed in"


@pytest.fixture(params=[pytest.param(True, id="by descriptor"), pytest.param(False, id="by path")], autouse=True)
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways into a folder: by descriptor where the platform can, by path on Windows."""
    if request.param and not submission.DESCRIPTORS:
        pytest.skip("this platform opens by path alone")
    monkeypatch.setattr(submission, "DESCRIPTORS", request.param)


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


@contextmanager
def swapping(folder: Path, outside: Path, aside: Path) -> Iterator[None]:
    """Another thread that makes `folder` a link to `outside` and a folder again, over and over."""
    link, moved = aside / "link", aside / "moved"
    link.symlink_to(outside)
    swapped, over = threading.Event(), threading.Event()

    def swap() -> None:
        while not over.is_set():
            folder.rename(moved)
            link.rename(folder)
            folder.rename(link)
            moved.rename(folder)
            swapped.set()

    thread = threading.Thread(target=swap)
    thread.start()
    try:
        assert swapped.wait(timeout=60)
        yield
    finally:
        over.set()
        thread.join()


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


def test_a_virtual_environment_is_known_by_its_mark(exercise: Exercise, handed_in: Path, tmp_path: Path) -> None:
    (handed_in / "hello-env").mkdir()
    (handed_in / "hello-env" / "pyvenv.cfg").write_text("")
    (handed_in / "hello-env" / "site.py").write_text("")
    found = taken(exercise, handed_in, tmp_path)
    assert (found.files, found.left_out) == (("Dockerfile", "app.py", "requirements.txt"), ())


def test_work_beside_the_mark_of_a_virtual_environment_is_taken(
    exercise: Exercise, handed_in: Path, tmp_path: Path
) -> None:
    (handed_in / "pyvenv.cfg").write_text("")
    found = taken(exercise, handed_in, tmp_path)
    assert (found.missing, found.left_out) == ((), ("pyvenv.cfg",))


@pytest.mark.parametrize("mark", ["venv/app.py", "my-env/pyvenv.cfg"])
def test_what_is_skipped_does_not_count(
    exercise: Exercise, handed_in: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mark: str
) -> None:
    folder = (handed_in / mark).parent
    folder.mkdir()
    (handed_in / mark).write_text("")
    for number in range(5):
        (folder / f"{number}.py").write_text("")
    monkeypatch.setattr(submission, "COUNT_LIMIT", 4)
    assert len(taken(exercise, handed_in, tmp_path).files) == 3


@pytest.mark.parametrize("depth", [1, submission.DEPTH_LIMIT + 1], ids=["beside the work", "deeper than is looked"])
def test_folders_count_as_files_do(
    exercise: Exercise, handed_in: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, depth: int
) -> None:
    within = handed_in.joinpath(*["in"] * (depth - 1))
    for number in range(20):
        (within / str(number)).mkdir(parents=True)
    monkeypatch.setattr(submission, "COUNT_LIMIT", 19)
    with pytest.raises(SubmissionError, match=r"holds more than 19 files and folders: hand in your own work only"):
        taken(exercise, handed_in, tmp_path)


def test_a_large_file_that_need_not_be_there_is_left_out(
    exercise: Exercise, handed_in: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (handed_in / "words.txt").write_bytes(b"x" * 101)
    (handed_in / "fits.txt").write_bytes(b"x" * 100)
    monkeypatch.setattr(submission, "FILE_LIMIT", 100)
    found = taken(exercise, handed_in, tmp_path)
    assert found.files == ("Dockerfile", "app.py", "fits.txt", "requirements.txt")
    assert (found.left_out, found.links) == (("words.txt",), ())


def test_a_link_is_not_followed(exercise: Exercise, handed_in: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text(OUTSIDE)
    (handed_in / "app.py").unlink()
    (handed_in / "app.py").symlink_to(secret)
    (handed_in / "src").symlink_to(tmp_path)
    (handed_in / "notes.md").write_text("mine")
    found = taken(exercise, handed_in, tmp_path)
    assert found.missing == ("app.py",)
    assert found.left_out == ("app.py", "notes.md", "src")
    assert found.links == ("app.py", "src")
    assert not (found.folder / "app.py").exists()


def test_the_submission_itself_may_be_a_link(exercise: Exercise, handed_in: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(handed_in)
    assert taken(exercise, tmp_path / "link", tmp_path).missing == ()


@pytest.mark.parametrize("way", [pytest.param(True, id="by descriptor")], indirect=True)
def test_a_folder_swapped_for_a_link_gives_nothing_of_what_it_leads_to(
    exercise: Exercise, handed_in: Path, tmp_path: Path
) -> None:
    pages, outside = handed_in / "pages", tmp_path / "outside"
    for folder, text in ((pages, ""), (outside, OUTSIDE)):
        folder.mkdir()
        for number in range(100):
            (folder / f"{number}.py").write_text(text)
    copies = [tmp_path / f"copy-{number}" for number in range(150)]
    with swapping(pages, outside, tmp_path):
        for copy in copies:
            copy.mkdir()
            # Refused is as good as left out: the folder was not there, or not a folder, when it was to be opened.
            with suppress(SubmissionError):
                take_in(exercise, handed_in, copy)
    took = [file.relative_to(tmp_path) for copy in copies for file in copy.glob("pages/*")]
    assert [file for file in took if (tmp_path / file).read_text() == OUTSIDE] == []
    assert len(taken(exercise, handed_in, tmp_path).files) == 103


def test_a_pipe_is_not_opened(exercise: Exercise, handed_in: Path, tmp_path: Path) -> None:
    (handed_in / "app.py").unlink()
    os.mkfifo(handed_in / "app.py")
    found = taken(exercise, handed_in, tmp_path)
    assert (found.missing, found.left_out, found.links) == (("app.py",), ("app.py",), ("app.py",))


def test_a_lower_case_dockerfile_counts_as_one(exercise: Exercise, handed_in: Path, tmp_path: Path) -> None:
    (handed_in / "Dockerfile").rename(handed_in / "dockerfile")
    found = taken(exercise, handed_in, tmp_path)
    assert found.missing == ()
    assert (found.folder / "Dockerfile").is_file()


def test_beside_a_dockerfile_the_lower_case_one_is_ignored(exercise: Exercise, handed_in: Path, tmp_path: Path) -> None:
    (handed_in / "dockerfile").write_text("FROM another\n")
    if (handed_in / "dockerfile").samefile(handed_in / "Dockerfile"):
        pytest.skip("this file system knows no difference between the two")
    found = taken(exercise, handed_in, tmp_path)
    assert found.files == ("Dockerfile", "app.py", "requirements.txt")
    assert found.left_out == ("dockerfile",)
    assert (found.folder / "Dockerfile").read_text() == "# Dockerfile\n"


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
        ("COUNT_LIMIT", 2, r"holds more than 2 files and folders: hand in your own work only"),
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


def test_a_refusal_leaves_no_descriptor_open(
    exercise: Exercise, handed_in: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (handed_in / "a" / "b" / "c").mkdir(parents=True)
    monkeypatch.setattr(submission, "COUNT_LIMIT", 3)
    before = len(os.listdir("/dev/fd"))
    with pytest.raises(SubmissionError) as refusal:
        taken(exercise, handed_in, tmp_path)
    # Held until here, so that it is not the end of the traceback's frames that closes them.
    assert refusal.value.__traceback__ is not None
    assert len(os.listdir("/dev/fd")) == before


def test_a_file_is_no_submission(exercise: Exercise, handed_in: Path, tmp_path: Path) -> None:
    with pytest.raises(SubmissionError, match=r"Dockerfile is a file: a submission is a folder, such as .*handed in$"):
        taken(exercise, handed_in / "Dockerfile", tmp_path)


def test_a_folder_that_is_not_there_says_what_to_name(exercise: Exercise, tmp_path: Path) -> None:
    with pytest.raises(SubmissionError, match=r"no folder .*: name the folder that holds your Dockerfile"):
        taken(exercise, tmp_path / "nowhere", tmp_path)
