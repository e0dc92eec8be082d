"""One line for every exception that nobody foresaw."""

import errno
import tempfile
from pathlib import Path

import pytest

from grader.render.unexpected import NO_HOME, NO_STATE, NO_TEMPORARY, NOT_INSTALLED, describe

AGAIN = "python -m grader --debug grade"


@pytest.fixture(autouse=True)
def folders(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))


@pytest.mark.parametrize(
    ("error", "line"),
    [
        pytest.param(KeyError("x"), f"a bug in the grader: KeyError('x'); `{AGAIN}` shows where", id="bug"),
        pytest.param(TimeoutError(), f"a bug in the grader: TimeoutError(); `{AGAIN}` shows where", id="no words"),
        pytest.param(ModuleNotFoundError("", name="msgspec"), NOT_INSTALLED, id="a package is not installed"),
        pytest.param(
            ModuleNotFoundError("No such", name="grader.gone"),
            f"a bug in the grader: ModuleNotFoundError('No such'); `{AGAIN}` shows where",
            id="a module of ours is gone",
        ),
        pytest.param(RuntimeError("Could not determine home directory."), NO_HOME, id="no home"),
        pytest.param(
            FileNotFoundError(errno.ENOENT, "No usable temporary directory found in ['/tmp']"),
            f"No usable temporary directory found in ['/tmp']; {NO_TEMPORARY}",
            id="no folder for temporary files",
        ),
        pytest.param(
            OSError(errno.EMFILE, "Too many open files", "/x"),
            "/x: Too many open files; mend that, and run it again",
            id="a file",
        ),
    ],
)
def test_describes(error, line):
    assert describe(error, again=AGAIN) == line


@pytest.mark.parametrize(
    ("below", "step"),
    [
        ("state/shipshape/runs", NO_STATE),
        ("state", NO_STATE),
        ("temporary/a", NO_TEMPORARY),
        ("elsewhere", "mend that, and run it again"),
    ],
)
def test_a_folder_of_ours_is_told_by_its_variable(tmp_path, monkeypatch, below, step):
    monkeypatch.setattr("grader.engine.command.state_folder", lambda: tmp_path / "state" / "shipshape")
    path = tmp_path / below
    error = PermissionError(errno.EACCES, "Permission denied", str(path))
    assert describe(error, again=AGAIN) == f"{path}: Permission denied; {step}"


def test_a_home_that_cannot_be_found_does_not_hide_the_error(monkeypatch):
    def lost() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr("grader.engine.command.state_folder", lost)
    assert describe(OSError(5, "Input/output error", "/x"), again=AGAIN).startswith("/x: Input/output error; ")
