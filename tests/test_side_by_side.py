"""The two runs of the tests: each has its own, all of it is printed, and a failure in either counts."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

TESTS = """
import pytest

@pytest.mark.docker
def test_engine():
    assert {engine}

def test_other():
    assert {other}

@pytest.mark.slow
def test_slow():
    assert False
"""


@pytest.mark.parametrize(("engine", "other"), [(True, True), (False, True), (True, False)])
def test_a_failure_in_either_counts(tmp_path: Path, engine: bool, other: bool) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers =\n    docker: d\n    slow: s\n")
    (tmp_path / "test_it.py").write_text(TESTS.format(engine=engine, other=other))
    command = [sys.executable, "-m", "tests.side_by_side", "not slow"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == (0 if engine and other else 1)
    assert done.stdout.count(", 2 deselected in") == 2
