"""The command line: what each mistake is answered with, and what is not imported to say so."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from grader.cli import main
from grader.report import SCHEMA
from tests.conftest import ROOT


def run(*args: str | Path) -> Result:
    return CliRunner().invoke(main, [str(arg) for arg in args], prog_name="python -m grader")


@pytest.fixture
def exercises(tmp_path: Path) -> Path:
    """A copy of the student's folders, so that nobody's progress is touched."""
    return Path(shutil.copytree(ROOT / "exercises", tmp_path / "exercises", ignore=shutil.ignore_patterns(".*")))


@pytest.fixture
def no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")


@pytest.mark.parametrize("command", ["", *sorted(main.commands)])
def test_every_command_has_help(command: str) -> None:
    result = run(*filter(None, [command]), "--help")
    assert result.exit_code == 0
    assert len(result.output.splitlines()) > 4


@pytest.mark.parametrize("command", sorted(main.commands))
def test_every_command_is_in_the_readme(command: str) -> None:
    assert f"python -m grader {command}" in (ROOT / "README.md").read_text()


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\nfrom grader.cli import main\nmain(['--help'], standalone_mode=False)\n"
        "print(sorted({'docker', 'sphinx', 'rich', 'msgspec', 'requests'} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.stderr == "[]\n"


@pytest.mark.usefixtures("no_engine")
@pytest.mark.parametrize(
    ("args", "code", "message"),
    [
        (["01-helo"], 2, "Error: no exercise '01-helo': did you mean '01-hello'?\n"),
        (["zzz"], 2, "Error: no exercise 'zzz': the exercises are "),
        (
            ["01-hello"],
            4,
            "Error: no container engine answers at unix:///nowhere/docker.sock: start it, or run `make doctor`\n",
        ),
    ],
    ids=["a slip", "a guess", "no engine"],
)
def test_a_mistake_is_answered_in_one_line(exercises: Path, args: list[str], code: int, message: str) -> None:
    result = run("grade", *args, "--exercises", exercises)
    assert result.exit_code == code
    assert result.stderr.startswith(message)
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["grade", "--seed", "x"], "Invalid value for '--seed'"),
        (["grade", "--format", "xml"], "'xml' is not one of 'text', 'json', 'svg'"),
        (["grade", "--exercises", "nowhere"], "'nowhere' does not exist"),
        (["grad"], "No such command 'grad'. Did you mean 'grade'?"),
    ],
    ids=["seed", "format", "exercises", "command"],
)
def test_wrong_usage_ends_with_2(args: list[str], message: str) -> None:
    result = run(*args)
    assert result.exit_code == 2
    assert message in result.stderr


def test_a_wrong_exercise_file_ends_with_3(exercises: Path) -> None:
    path = exercises / "01-hello" / "exercise.toml"
    path.write_text(path.read_text().replace("status ", "statuss "))
    result = run("grade", "01-hello", "--exercises", exercises)
    line = next(number for number, text in enumerate(path.read_text().splitlines(), 1) if "statuss" in text)
    assert result.exit_code == 3
    assert result.stderr == f"Error: {path}:{line}: unknown key 'statuss', did you mean 'status'?\n"


@pytest.mark.docker
@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nowhere", "Error: no folder {path}: name the folder that holds your Dockerfile\n"),
        ("app.py", "Error: {path} is a file: a submission is a folder, such as {parent}\n"),
    ],
)
def test_a_submission_that_is_none_ends_with_2(exercises: Path, name: str, message: str) -> None:
    path = exercises / "01-hello" / name
    result = run("grade", "01-hello", path, "--exercises", exercises)
    assert result.exit_code == 2
    assert result.stderr.endswith(message.format(path=path, parent=path.parent))


@pytest.mark.docker
def test_a_folder_without_a_dockerfile_is_told_so(exercises: Path) -> None:
    (exercises / "01-hello" / "Dockerfile").unlink()
    result = run("grade", "--exercises", exercises)
    assert result.exit_code == 1
    assert "There is no file named Dockerfile in the folder" in result.stdout


@pytest.mark.docker
def test_the_starter_loses_points_and_the_solution_none(exercises: Path) -> None:
    """A student's first evening: grade, mend, grade, done; what is remembered is beside the exercises."""
    first = run("grade", "--exercises", exercises)
    assert first.exit_code == 1
    assert "0 of 10 points" in first.stdout
    assert "exit code 1: points were lost" in first.stdout
    elsewhere = run("grade", "01-hello", ROOT / "solutions" / "01-hello", "--exercises", exercises)
    assert elsewhere.exit_code == 0
    assert "0/10" in elsewhere.stdout  # another's work is not the student's progress
    shutil.copytree(ROOT / "solutions" / "01-hello", exercises / "01-hello", dirs_exist_ok=True)
    second = run("grade", "--exercises", exercises)
    assert second.exit_code == 0
    assert "10/10" in second.stdout
    remembered = json.loads((exercises / ".progress.json").read_text())
    assert remembered["exercises"]["01-hello"]["best"] == 10


@pytest.mark.docker
def test_hints_become_plainer_with_each_failure(exercises: Path) -> None:
    hints = [json.loads(run("grade", "--format", "json", "--exercises", exercises).stdout) for _ in range(3)]
    shown = [next(each for each in report["results"] if each["id"] == "exec-form")["hint"] for report in hints]
    assert len(set(shown)) == 3


@pytest.mark.docker
def test_the_record_goes_to_stdout_and_progress_to_stderr(exercises: Path) -> None:
    solution = ROOT / "solutions" / "01-hello"
    result = run("grade", "01-hello", solution, "--format", "json", "--seed", "7", "--exercises", exercises)
    record = json.loads(result.stdout)
    assert (record["schema"], record["points"], record["seed"]) == (SCHEMA, 10, 7)
    assert "building: docker build" in result.stderr


@pytest.mark.docker
def test_a_seed_repeats_the_words(exercises: Path) -> None:
    solution = ROOT / "solutions" / "01-hello"
    runs = [run("grade", "01-hello", solution, "--format", "json", "--seed", "7") for _ in range(2)]
    asked = [[each["asked"] for each in json.loads(result.stdout)["results"]] for result in runs]
    assert asked[0] == asked[1]


@pytest.mark.docker
def test_all_done_says_so_and_grades_nothing(exercises: Path) -> None:
    shutil.copytree(ROOT / "solutions" / "01-hello", exercises / "01-hello", dirs_exist_ok=True)
    for slug in sorted(path.name for path in (ROOT / "solutions").iterdir()):
        shutil.copytree(ROOT / "solutions" / slug, exercises / slug, dirs_exist_ok=True)
        assert run("grade", slug, "--exercises", exercises).exit_code == 0
    result = run("grade", "--exercises", exercises)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "Every exercise has full marks. To grade one again, name it: make grade EX=01-hello\n"


@pytest.mark.docker
def test_doctor_says_little_when_all_is_well() -> None:
    quiet, full = run("doctor", "--quiet"), run("doctor")
    assert (quiet.exit_code, quiet.output) == (0, "")
    assert full.exit_code == 0
    assert "engine" in full.stdout


def test_doctor_without_an_engine_says_what_mends_it(tmp_path: Path) -> None:
    environment = {**os.environ, "DOCKER_HOST": "unix:///nowhere/docker.sock"}
    done = subprocess.run(
        [sys.executable, "-m", "grader", "doctor"], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 4
    assert "nothing answers at DOCKER_HOST=unix:///nowhere/docker.sock" in done.stdout
    assert "mend it: unset DOCKER_HOST" in done.stdout
