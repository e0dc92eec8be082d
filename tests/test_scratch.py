"""A folder to work in: it is gone at the end, and a later run removes what a killed one left."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from grader.scratch import NEW, PREFIX, scratch_folder
from tests.conftest import ROOT

HOLD = """
import time
from grader.scratch import scratch_folder

with scratch_folder() as folder:
    (folder / "deep").mkdir()
    (folder / "deep" / "file").write_text("x")
    print(folder, flush=True)
    time.sleep(60)
"""


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.fixture
def running(temporary: Path):
    """A process with a folder of its own, made a while ago, and that folder."""
    environment = {**os.environ, "TMPDIR": str(temporary)}
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    folder = Path(process.stdout.readline().strip()).parent
    aged(folder)
    yield process, folder
    process.kill()
    process.communicate()


def aged(folder: Path) -> Path:
    before = time.time() - 2 * NEW
    os.utime(folder, (before, before))
    return folder


def test_it_is_empty_and_gone_at_the_end(temporary: Path) -> None:
    with scratch_folder() as folder:
        assert list(folder.iterdir()) == []
        (folder / "file").write_text("x")
    assert list(temporary.iterdir()) == []


def test_what_a_killed_run_left_is_removed(running) -> None:
    process, folder = running
    process.kill()
    process.wait()
    assert (folder / "work" / "deep" / "file").exists()
    with scratch_folder():
        assert not folder.exists()


def test_what_a_living_run_has_stays(running) -> None:
    _, folder = running
    with scratch_folder():
        assert (folder / "work" / "deep" / "file").exists()


def test_what_was_made_just_now_stays(temporary: Path) -> None:
    (temporary / f"{PREFIX}new").mkdir()
    with scratch_folder():
        assert (temporary / f"{PREFIX}new").exists()


def test_a_link_is_not_followed(temporary: Path) -> None:
    (target := temporary / "target").mkdir()
    (temporary / f"{PREFIX}link").symlink_to(aged(target))
    with scratch_folder():
        assert target.exists()
        assert list(target.iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give a folder away")
def test_what_somebody_else_made_stays(temporary: Path) -> None:
    (theirs := temporary / f"{PREFIX}theirs").mkdir()
    os.chown(theirs, 12345, 12345)
    aged(theirs)
    with scratch_folder():
        assert list(theirs.iterdir()) == []


def test_one_that_cannot_be_removed_keeps_nobody_from_working(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (stuck := temporary / f"{PREFIX}stuck").mkdir()
    aged(stuck)

    def refuse(path: Path) -> None:
        raise PermissionError(path)

    monkeypatch.setattr("grader.scratch.shutil", SimpleNamespace(rmtree=refuse))
    with scratch_folder() as folder:
        assert folder.is_dir()
        assert stuck.exists()
