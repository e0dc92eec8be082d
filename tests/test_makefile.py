"""What `make grade` hands to the grader, whatever it was given; the grader itself is a recorder here."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.skipif(not shutil.which("make"), reason="no make on PATH")

RECORDER = """\
#!/bin/sh
{ printf '['; comma=
for word in "$@"; do
  printf '%s"%s"' "$comma" "$(printf '%s' "$word" | sed 's/[\\\\"]/\\\\&/g')"; comma=,
done
printf ']\\n'; } >> calls
case "$*" in *" grade "*) exit "${CODE:-0}" ;; esac
"""
# Each would make a file named PWNED if make or a shell took it for a command.
HOSTILE = [
    "`touch PWNED`",
    "$(touch PWNED)",
    "$(shell touch PWNED)",
    "${shell touch PWNED}",
    '"; touch PWNED; "',
    "'; touch PWNED; '",
    "a b & touch PWNED",
    "$HOME $$ \\ *",
]


@pytest.fixture
def house(tmp_path):
    """A checkout with two exercises, whose Python writes down what it is asked."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / "requirements.txt").touch()
    for slug in ("01-hello", "02-layers"):
        (tmp_path / "exercises" / slug).mkdir(parents=True)
        (tmp_path / "exercises" / slug / "exercise.toml").touch()
    (tmp_path / ".venv/bin").mkdir(parents=True)
    python = tmp_path / ".venv/bin/python"
    python.write_text(RECORDER)
    python.chmod(0o755)
    (tmp_path / ".venv/.installed").touch()
    return tmp_path


def make(house: Path, *words: str, **variables: str) -> tuple[subprocess.CompletedProcess[str], list[list[str]]]:
    """Run make; returns what became of it, and the words of each `grade` that the grader was called with."""
    own = {"MAKEFLAGS", "MAKELEVEL", "MFLAGS", "MAKEOVERRIDES", "EX", "ex", "SUBMISSION"}
    environment = {name: value for name, value in os.environ.items() if name not in own} | variables
    done = subprocess.run(["make", *words], cwd=house, env=environment, capture_output=True, text=True, timeout=60)
    written = house / "calls"
    calls = [json.loads(line) for line in written.read_text().splitlines()] if written.exists() else []
    return done, [call[3:] for call in calls if call[:3] == ["-m", "grader", "grade"]]


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        pytest.param(["grade"], ["--"], id="the-next-one"),
        pytest.param(["grade", "EX=02-layers"], ["--", "02-layers"], id="EX"),
        pytest.param(["grade", "ex=02-layers"], ["--", "02-layers"], id="lower-case"),
        pytest.param(["grade", "EX=exercises/02-layers/"], ["--", "02-layers"], id="EX-by-tab"),
        pytest.param(["grade", "02-layers"], ["--", "02-layers"], id="bare"),
        pytest.param(["02-layers", "grade"], ["--", "02-layers"], id="bare-first"),
        pytest.param(["grade", "exercises/02-layers/"], ["--", "02-layers"], id="bare-by-tab"),
        pytest.param(["-j4", "grade", "exercises/02-layers"], ["--", "02-layers"], id="bare-folder"),
        pytest.param(["grade", "EX=01-hello", "SUBMISSION=a b/c"], ["--", "01-hello", "a b/c"], id="submission"),
        pytest.param(["grade", "01-hello", "SUBMISSION=-x"], ["--", "01-hello", "-x"], id="like-an-option"),
    ],
)
def test_the_grader_is_asked_once_for_what_was_named(house, words, asked):
    done, calls = make(house, *words)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert calls == [asked]


@pytest.mark.parametrize("by", ["argument", "environment"])
@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_a_name_and_no_command(house, name, by):
    if by == "argument":
        done, calls = make(house, "grade", "EX=01-hello", f"SUBMISSION={name}")
    else:
        done, calls = make(house, "grade", EX="01-hello", SUBMISSION=name)

    assert done.returncode == 0, done.stderr
    assert calls == [["--", "01-hello", name]]
    assert not list(house.rglob("PWNED"))


@pytest.mark.parametrize("name", HOSTILE)
def test_nor_is_the_name_of_an_exercise(house, name):
    _, calls = make(house, "grade", f"EX={name}")
    _, calls = make(house, "grade", f"ex={name}")

    assert calls == [["--", name], ["--", name]]
    assert not list(house.rglob("PWNED"))


@pytest.mark.parametrize("name", HOSTILE)
def test_a_submission_without_its_exercise_is_told_by_its_name(house, name):
    done, calls = make(house, "grade", f"SUBMISSION={name}")

    assert done.returncode == 2
    assert done.stderr.startswith(f"SUBMISSION needs an exercise beside it: make grade EX=01-hello SUBMISSION={name}\n")
    assert calls == []
    assert not list(house.rglob("PWNED"))


def test_a_misspelt_exercise_is_told_before_anything_is_graded(house):
    done, calls = make(house, "grade", "02-layer")

    assert done.returncode == 2
    assert "There is no exercise 02-layer; there are: 01-hello 02-layers" in done.stderr
    assert calls == []


def test_two_exercises_are_not_taken_for_one(house):
    _, calls = make(house, "grade", "exercises/01-hello", "exercises/02-layers")

    assert calls == [["--", "01-hello 02-layers"]]


@pytest.mark.parametrize(("code", "ends"), [("0", 0), ("1", 0), ("2", 2), ("3", 2), ("4", 2)])
def test_lost_points_are_no_error_of_makes(house, code, ends):
    done, _ = make(house, "grade", CODE=code)

    assert done.returncode == ends


def test_help_lists_every_target_that_a_person_types(house):
    done, _ = make(house)

    listed = [line.split()[1] for line in done.stdout.splitlines()]
    assert listed == ["help", "grade", "doctor", "images", "html", "test", "verify", "record", "bench", "lock", "clean"]
