"""The command line: what each mistake is answered with, and what is not imported to say so."""

import io
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from grader import desk
from grader.cli import main
from grader.errors import GraderError
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


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch):
    """A function that has the grader end with an error of one's choice."""

    def fail(error: BaseException) -> None:
        def choose(*_: object) -> None:
            raise error

        monkeypatch.setattr(desk, "choose", choose)

    return fail


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (KeyError("x"), "Error: a bug in the grader: KeyError('x'); `python -m grader --debug grade` shows where\n"),
        (PermissionError(13, "Permission denied", "/a\x1b[2J"), r"Error: /a\x1b[2J: Permission denied; "),
        (GraderError("no folder a\x1b[2J\nb"), "Error: no folder a\\x1b[2J\\nb\n"),
        (BrokenPipeError(32, "Broken pipe"), "Error: Broken pipe; "),
    ],
    ids=["a bug", "a file", "an escape", "a pipe that is not ours"],
)
def test_what_nobody_foresaw_is_no_lost_points(failing, error: Exception, line: str) -> None:
    failing(error)
    result = run("grade")
    assert (result.exit_code, result.stdout) == (4, "")
    assert result.stderr.startswith(line)
    assert result.stderr.count("\n") == 1


def test_debug_shows_where_an_error_came_from(failing) -> None:
    failing(KeyError("\x1b[2J"))
    result = run("--debug", "grade")
    lines = result.stderr.splitlines()
    assert result.exit_code == 4
    assert lines[0] == "Traceback (most recent call last):"
    assert lines[-1].startswith("Error: a bug in the grader: KeyError(")
    assert "\x1b" not in result.stderr


def test_ctrl_c_ends_with_130(failing) -> None:
    failing(KeyboardInterrupt())
    result = run("grade")
    assert (result.exit_code, result.stdout, result.stderr) == (130, "", "Stopped.\n")


# A grading that lost points, without an engine: the command line around it is the real one.
GRADED = """
import sys
import grader.engine
from grader import desk
from grader.cli import main
from tests.render import reports

class Engine:
    def __init__(self, runtime):
        pass

    def close(self):
        pass

def grade(*args, progress, **options):
    progress("building")
    return desk.Graded(report=reports.FAILURES, board=reports.BOARD, notes=("a note",))

grader.engine.connect = Engine
desk.grade = grade
main(sys.argv[1:], prog_name="python -m grader")
"""


def graded(*args: str, code: str = GRADED, **options) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code, "grade", "01-hello", *args]
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options
    return subprocess.run(command, cwd=ROOT, text=True, encoding="utf-8", errors="replace", **options)


@pytest.fixture
def unread():
    """The end for writing of a pipe that nobody reads any more."""
    read, write = os.pipe()
    os.close(read)
    yield write
    os.close(write)


@pytest.mark.parametrize("form", ["text", "json", "svg"])
def test_a_reader_who_leaves_does_not_change_the_exit_code(unread: int, form: str) -> None:
    done = graded("--format", form, stdout=unread)
    assert (done.returncode, done.stderr) == (1, "building\na note\n")


def test_nobody_need_read_the_progress(unread: int) -> None:
    done = graded(stderr=unread)
    assert done.returncode == 1
    assert "2 of 10 points" in done.stdout


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("form", ["text", "json"])
def test_a_report_that_cannot_be_written_ends_with_4(form: str) -> None:
    with open("/dev/full", "w") as full:
        done = graded("--format", form, stdout=full)
    assert done.returncode == 4
    assert done.stderr.startswith("building\nError: the output could not be written: No space left on device; ")
    assert done.stderr.count("\n") == 2


@pytest.mark.skipif(os.name != "posix", reason="the shell is POSIX's")
@pytest.mark.parametrize(
    ("closed", "code", "stdout", "stderr"),
    [
        (">&-", 4, "", "Error: standard output is closed: there is nothing to write a report to\n"),
        ("2>&-", 1, "01-hello", ""),
        (">&- 2>&-", 4, "", ""),
    ],
    ids=["stdout", "stderr", "both"],
)
def test_a_closed_stream_is_no_traceback(closed: str, code: int, stdout: str, stderr: str) -> None:
    command = ["sh", "-c", f'exec "$@" {closed}', "sh", sys.executable, "-c", GRADED, "grade", "01-hello"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8")
    assert (done.returncode, done.stdout[: len("01-hello")], done.stderr) == (code, stdout, stderr)


@pytest.mark.parametrize("form", ["text", "json", "svg"])
def test_every_form_can_be_written_in_an_old_encoding(form: str) -> None:
    done = graded("--format", form, env={**os.environ, "PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"})
    assert (done.returncode, done.stderr) == (1, "building\na note\n")
    assert "01-hello" in done.stdout


@pytest.mark.skipif(os.name != "posix", reason="the signals are POSIX's")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_signal_ends_it_like_ctrl_c(name: str, when: str) -> None:
    """`before` the result is recorded, and `after`: while the report is written."""
    interrupt = f"    import os, signal\n    os.kill(os.getpid(), signal.{name})\n    signal.pause()\n"
    code = GRADED.replace('    progress("building")\n', interrupt) if when == "before" else GRADED
    late = f"def late(*args, **options):\n{interrupt}\nimport grader.cli\ngrader.cli.FORMATS = {{'text': late}}\n"
    start = "import runpy\nrunpy.run_module('grader', run_name='__main__', alter_sys=True)\n"
    code = code.replace("main(sys.argv", f"{late if when == 'after' else ''}{start}#")
    done = graded(code=code, preexec_fn=lambda: signal.signal(getattr(signal, name), signal.SIG_DFL))
    assert done.returncode == 130
    words = "Stopped; nothing was recorded.\n" if when == "before" else "building\nStopped.\n"
    assert (done.stdout, done.stderr) == ("", words)


@pytest.mark.parametrize("package", ["click", "msgspec"])
def test_a_python_without_the_packages_is_told_what_to_do(tmp_path: Path, package: str) -> None:
    (tmp_path / "sitecustomize.py").write_text(f"import sys\nsys.modules[{package!r}] = None\n")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    command = [sys.executable, "-m", "grader", "grade", "01-hello"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr == (
        "Error: the grader's packages are not in this Python: use `make grade`, "
        "or `python -m pip install -r requirements.txt`\n"
    )


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("text", ["step [1/4] FROM {x} :smile:", "a\x1b[2Jb"], ids=["no markup", "no escape"])
def test_on_a_terminal_the_step_stands_with_its_seconds(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "80")
    stream = Terminal()
    with desk.progress_line(stream) as progress:
        progress(text)
    shown = stream.getvalue()
    assert f"{text} \x1b[2m0 s".replace("a\x1b", "a\\x1b") in shown
    assert shown.endswith("\x1b[2K")  # the line is taken away at the end


def test_the_step_keeps_its_seconds_where_there_is_little_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "40")
    stream = Terminal()
    with desk.progress_line(stream) as progress:
        progress("building: " + "x" * 100)
    assert "x… \x1b[2m0 s" in stream.getvalue()


def test_without_stderr_the_progress_is_silent() -> None:
    with desk.progress_line(None) as progress:
        progress("building")


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
    assert "the grader's exit code is 1: points were lost" in first.stdout
    elsewhere = run("grade", "01-hello", ROOT / "solutions" / "01-hello", "--exercises", exercises)
    assert elsewhere.exit_code == 0
    # Another's work is not the student's progress.
    assert elsewhere.stdout.endswith(f"\nnot recorded: this was not {(exercises / '01-hello').as_posix()}\n")
    assert "0/10" not in elsewhere.stdout
    shutil.copytree(ROOT / "solutions" / "01-hello", exercises / "01-hello", dirs_exist_ok=True)
    second = run("grade", "--exercises", exercises)
    assert second.exit_code == 0
    assert "10/10" in second.stdout
    remembered = json.loads((exercises / ".progress.json").read_text())
    assert remembered["exercises"]["01-hello"]["best"] == 10


@pytest.mark.docker
def test_hints_become_plainer_with_each_failure(exercises: Path) -> None:
    """With each try, that is: the same files graded again bring no new hint."""
    shown = []
    for change in ("", "\n", "", "\n", ""):
        with (exercises / "01-hello" / "app.py").open("a") as app:
            app.write(change)
        report = json.loads(run("grade", "--format", "json", "--exercises", exercises).stdout)
        shown.append(next(each for each in report["results"] if each["id"] == "exec-form")["hint"])
    assert shown[1] == shown[2]
    assert shown[3] == shown[4]
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
    for folder in exercises.iterdir():
        if folder.name in ("01-hello", "02-layers"):
            shutil.copytree(ROOT / "solutions" / folder.name, folder, dirs_exist_ok=True)
            assert run("grade", folder.name, "--exercises", exercises).exit_code == 0
        else:
            shutil.rmtree(folder)
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
