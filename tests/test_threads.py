"""Gradings run side by side in threads: what they all need first must bear to be needed by all at once."""

import subprocess
import sys

import pytest

from tests.conftest import ROOT

# Threads that change places as often as they can, all of them at the first use in a process.
RACE = """
import sys, threading
from pathlib import Path

sys.setswitchinterval(1e-6)
{prepare}
barrier = threading.Barrier(6)

def first():
    barrier.wait()
    {use}

threads = [threading.Thread(target=first) for _ in range(6)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
"""


@pytest.mark.parametrize(
    ("prepare", "use"),
    [
        ("from grader.exercise import load", "load(Path('exercises/01-hello/exercise.toml'))"),
        ("from grader.catalogue import catalogue", "catalogue()"),
        ("from grader import images", "images.catalogue()"),
    ],
    ids=["an exercise", "the diagnoses", "the base images"],
)
def test_the_first_use_may_be_everybodys(prepare: str, use: str) -> None:
    for _ in range(4):
        code = RACE.format(prepare=prepare, use=use)
        done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, "")
