"""A course of one page, run by pytest as its author would run it."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]
ROOT = Path(__file__).resolve().parents[2]
CONFTEST = """\
from pathlib import Path
from tests.docs.pages import console_pages, pytest_itemcollected, pytest_terminal_summary
pytest_collect_file = console_pages(Path(__file__).resolve().parent).pytest()
"""
INI = """\
[pytest]
filterwarnings = error
addopts = --strict-markers
markers =
    docker: needs an engine
    slow: minutes
"""


@pytest.fixture
def course(tmp_path: Path) -> Run:
    """Run pytest over a course of one page; the answer is its exit code and what it printed."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "conftest.py").write_text(CONFTEST)
    (tmp_path / "docs" / "app.py").write_text("print('ahoy')\n")
    (tmp_path / "pytest.ini").write_text(INI)
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)

    def run(page: str, *options: str, **variables: str) -> subprocess.CompletedProcess[str]:
        (tmp_path / "docs" / "index.rst").write_text(page)
        environment = {name: value for name, value in os.environ.items() if name != "CI"}
        return subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-rs", *options, "docs"],
            cwd=tmp_path,
            env=environment | variables | {"PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
        )

    return run
