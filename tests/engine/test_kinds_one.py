"""The kinds env, exec, logs, process and python, on a real engine: right, wrong, gone, and in any order."""

import random
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from grader.engine import Engine
from grader.exercise import load
from grader.grade import grade
from grader.report import Outcome, Report, Result
from tests.corpus import OWN

pytestmark = pytest.mark.docker

GREETER, MORTAL = OWN / "greeter", OWN / "mortal"
SEED = 5
GONE = {"closed", "refused", "unreachable"}  # it ends while it is asked, or has a moment before

# An app that is wrong in each of the ways that the greeter's checks look for.
WORST = """
import sys

from flask import Flask, request

app = Flask(__name__)


@app.get("/")
def index():
    return "greeter\\n"


@app.get("/<name>")
def greet(name):
    print("token", request.headers.get("X-Token"), file=sys.stderr, flush=True)
    return f"Hello, {name}!\\n"


@app.get("/count/<int:number>")
def count(number):
    return f"{number}\\n" * 3
"""
# It ends a second after its first answer, when it is asked to, and where it is told to be strict.
MORTAL_APP = """
import os
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

if os.environ.get("STRICT"):
    print("STRICT is not for me", flush=True)
    raise SystemExit(4)


class Handler(BaseHTTPRequestHandler):
    first = True

    def do_GET(self):
        if self.path.startswith("/end"):
            os._exit(3)
        if Handler.first:
            Handler.first = False
            threading.Timer(1, os._exit, [3]).start()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"alive\\n")


HTTPServer(("", 5000), Handler).serve_forever()
"""


def graded(engine: Engine, exercise: Path, submission: Path) -> Report:
    return grade(exercise, submission, engine, progress=lambda line: None, seed=SEED)


def results(report: Report) -> dict[str, Result]:
    return {result.id: result for result in report.results}


@pytest.fixture(scope="module")
def worst(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A submission of the greeter that loses every check but one."""
    folder = tmp_path_factory.mktemp("worst") / "it"
    shutil.copytree(GREETER / "solution", folder)
    (folder / "app.py").write_text(WORST)
    text = (folder / "Dockerfile").read_text()
    text = text.replace("USER app\n", "").replace(
        "exec gunicorn --workers 2 --bind 0.0.0.0:${PORT:-5000} app:app", "flask run --host 0.0.0.0"
    )
    assert "flask run" in text
    (folder / "Dockerfile").write_text(text)
    return folder


@pytest.fixture(scope="module")
def worst_report(engine: Engine, worst: Path) -> Report:
    return graded(engine, GREETER, worst)


def test_a_right_answer_passes_each_kind(engine: Engine) -> None:
    report = graded(engine, GREETER, GREETER / "solution")
    assert (report.points, report.max_points) == (9, 9)
    found = results(report)
    word = found["greets-in-the-shell"].asked.rpartition(" ")[2]
    assert found["greets-in-the-shell"].asked == f"docker exec greeter flask --app app greet {word}"
    assert found["gunicorn-serves"].asked == "docker top greeter -eo pid,uid,args"
    assert found["greetings-are-logged"].asked.endswith("; docker logs greeter")
    assert "-p 127.0.0.1:8080:8123 -e PORT=8123 greeter" in found["port-is-read"].asked


@pytest.mark.parametrize(
    ("check", "facts", "diagnosis"),
    [
        ("greeting-is-read", {"kind": "env", "fault": "body", "set": "GREETING", "status": "200"}, "variable-not-read"),
        ("port-is-read", {"kind": "start", "set": "PORT", "other_port": "5000"}, "other-port"),
        ("greets-in-the-shell", {"kind": "exec", "fault": "exit-code", "exit_code": "2"}, None),
        ("greets-nobody-unnamed", {"kind": "exec", "fault": "matches"}, None),
        ("greetings-are-logged", {"kind": "logs", "fault": "contains", "stream": "any"}, "nothing-logged"),
        ("tokens-are-not-logged", {"kind": "logs", "fault": "excludes"}, "secret-in-the-log"),
        ("gunicorn-serves", {"kind": "process", "fault": "server"}, "development-server"),
        ("not-as-root", {"kind": "process", "fault": "root", "uid": "0"}, "runs-as-root"),
        ("counts-up", {"kind": "python", "fault": "python"}, None),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_wrong_answer_fails_each_kind_and_is_told_why(
    worst_report: Report, check: str, facts: dict[str, str], diagnosis: str | None
) -> None:
    result = results(worst_report)[check]
    assert result.outcome is Outcome.FAIL
    assert facts.items() <= result.evidence.items()
    assert result.expected
    if diagnosis:
        assert result.diagnosis is not None
        assert result.diagnosis.id == diagnosis


def test_what_a_wrong_answer_is_shown(worst_report: Report) -> None:
    found = results(worst_report)
    assert "No such command 'greet'" in found["greets-in-the-shell"].evidence["output"]
    assert found["gunicorn-serves"].evidence["first"] == "sh -c flask run --host 0.0.0.0"
    assert found["tokens-are-not-logged"].got.startswith("token ")
    assert "GET /" in found["greeting-is-read"].log, "the log is that of the container that was asked"
    assert found["counts-up"].asked.startswith("curl -i http://127.0.0.1:8080/count/")


def test_the_order_of_the_checks_changes_no_verdict(
    engine: Engine, tmp_path: Path, worst: Path, worst_report: Report
) -> None:
    exercises = [shuffled(tmp_path / str(number) / "greeter", number) for number in (1, 2, 3)]
    before = results(worst_report)
    with ThreadPoolExecutor() as pool:  # each waits for a port that nothing will listen on
        for report in pool.map(lambda exercise: graded(engine, exercise, worst), exercises):
            found = results(report)
            assert list(found) != list(before)
            assert {name: verdict(result) for name, result in found.items()} == {
                name: verdict(result) for name, result in before.items()
            }


def shuffled(folder: Path, seed: int) -> Path:
    """The greeter's exercise with the same checks in another order."""
    head, *checks = (GREETER / "exercise.toml").read_text().split("[[checks]]")
    random.Random(seed).shuffle(checks)
    folder.mkdir(parents=True)
    shutil.copy(GREETER / "checks.py", folder)
    (folder / "exercise.toml").write_text("[[checks]]".join([head, *checks]))
    assert {check.id for check in load(folder / "exercise.toml").checks} == {
        check.id for check in load(GREETER / "exercise.toml").checks
    }
    return folder


def verdict(result: Result) -> tuple[object, ...]:
    """What must be the same whenever it is looked."""
    return result.outcome, result.expected, result.evidence.get("fault"), result.diagnosis and result.diagnosis.id


@pytest.fixture(scope="module")
def ended(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Result]:
    """The results of an app that ends while it is looked at."""
    folder = tmp_path_factory.mktemp("mortal") / "it"
    shutil.copytree(MORTAL / "solution", folder)
    (folder / "app.py").write_text(MORTAL_APP)
    return results(graded(engine, MORTAL, folder))


@pytest.mark.parametrize(
    ("check", "fact", "values"),
    [
        ("keeps-running", "fault", {"ended"}),
        ("logs-a-word", "reason", GONE),
        ("answers-with-a-variable", "reason", GONE),
        ("starts-with-a-variable", "exit_code", {"4"}),
        ("answers-code", "reason", GONE),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_app_that_ends_fails_each_kind(ended: dict[str, Result], check: str, fact: str, values: set[str]) -> None:
    result = ended[check]
    assert result.outcome is Outcome.FAIL
    assert result.evidence.get(fact) in values


def test_a_command_ends_with_its_container(ended: dict[str, Result]) -> None:
    result = ended["runs-a-command"]
    assert result.outcome is Outcome.FAIL
    # The kernel's kill, or no code at all, as the engine is quick to tell.
    assert result.evidence["fault"] in ("exit-code", "ended")
    assert result.evidence["running"] == "no"


def test_a_living_app_passes_the_same_checks(engine: Engine) -> None:
    assert graded(engine, MORTAL, MORTAL / "solution").points == 7


def test_a_mistake_of_the_instructors_costs_no_point(engine: Engine, tmp_path: Path) -> None:
    folder = tmp_path / "mortal"
    shutil.copytree(MORTAL, folder)
    (folder / "checks.py").write_text("def answers(subject, random):\n    return subject.no_such_thing\n")
    (folder / "exercise.toml").write_text(_only((MORTAL / "exercise.toml").read_text(), "answers-code", "answers"))
    report = graded(engine, folder, MORTAL / "solution")
    found = results(report)
    assert (report.points, report.exit_code, report.attempts) == (None, 4, ())
    assert found["answers-code"].got.startswith("checks.py:2: a mistake in the instructor's check: AttributeError")
    assert "no_such_thing" in found["answers-code"].traceback
    assert found["answers"].outcome is Outcome.PASS


def _only(text: str, *ids: str) -> str:
    """The exercise with the checks of these ids alone."""
    head, *checks = text.split("[[checks]]")
    return "[[checks]]".join([head, *(each for each in checks if any(f'"{name}"\n' in each for name in ids))])
