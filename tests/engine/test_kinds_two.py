"""The kinds `rebuild`, `restart`, `image` and `stop` on a real engine: what they find, and how they say it.

That right answers pass and wrong ones lose is in the corpus beside the exercises; here is what a report then holds.
"""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.engine import Engine
from grader.grade import grade
from grader.report import Outcome, Report, Result
from tests.corpus import OWN

pytestmark = [pytest.mark.docker, pytest.mark.slow]

Graded = Callable[..., Report]


@pytest.fixture
def graded(engine: Engine, tmp_path: Path) -> Graded:
    """Grades the solution of an exercise with other files, or for an exercise with another line."""

    def graded(
        slug: str, files: dict[str, str] | None = None, *, spec: tuple[str, str] = ("", ""), **options: int
    ) -> Report:
        exercise, submission = tmp_path / slug, tmp_path / "it"
        shutil.rmtree(submission, ignore_errors=True)
        shutil.copytree(OWN / slug / "solution", submission)
        for name, text in (files or {}).items():
            (submission / name).write_text(text)
        exercise.mkdir(exist_ok=True)
        text = (OWN / slug / "exercise.toml").read_text()
        assert spec[0] in text
        (exercise / "exercise.toml").write_text(text.replace(*spec) if spec[0] else text)
        return grade(exercise, submission, engine, progress=lambda line: None, **options)

    return graded


def solution(slug: str, name: str, old: str, new: str) -> dict[str, str]:
    """A file of the solution with another text in it."""
    text = (OWN / slug / "solution" / name).read_text()
    assert old in text
    return {name: text.replace(old, new)}


def last(report: Report) -> Result:
    result = report.results[-1]
    assert result.traceback == ""
    return result


REINSTALLS = {
    "Dockerfile": "FROM python:3.13-slim\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\n"
    'CMD ["python", "app.py"]\n'
}


def test_the_same_seed_twice_is_as_strict_and_as_kind(graded: Graded) -> None:
    """The layers of the first run are there in the second: they must not make a bad Dockerfile look good."""
    for _ in range(2):
        result = last(graded("layers", REINSTALLS, seed=7))
        assert (result.outcome, result.evidence["fault"]) == (Outcome.FAIL, "not-cached")
    assert result.evidence["step"] == "[4/4] RUN pip install -r requirements.txt"
    steps = ["cached  [2/4] WORKDIR /app", "ran     [3/4] COPY . .", f"ran     {result.evidence['step']}"]
    assert result.evidence["order"].splitlines() == steps
    assert result.diagnosis is not None
    assert result.diagnosis.id == "reinstalls-on-every-edit"
    assert "[4/4] RUN pip install" in result.diagnosis.cause
    for _ in range(2):
        assert last(graded("layers", seed=7)).outcome is Outcome.PASS


def test_a_step_that_is_not_there_fails_by_its_own_name(graded: Graded) -> None:
    result = last(graded("layers", spec=('["pip install", "uv sync"]', '"npm ci"')))
    assert (result.outcome, result.evidence["fault"]) == (Outcome.FAIL, "no-step")
    assert result.got == 'no step with "npm ci"'


def test_a_build_that_the_edit_breaks_is_told_as_a_build(graded: Graded) -> None:
    files = solution("layers", "Dockerfile", "COPY app.py .", "COPY app.py .\nRUN grep -q Hello app.py")
    result = last(graded("layers", files))
    assert (result.outcome, result.evidence["fault"], result.evidence["exit_code"]) == (
        Outcome.FAIL,
        "build-failed",
        "1",
    )
    assert result.diagnosis is not None
    assert result.diagnosis.id == "build-step-failed"


def test_an_edited_app_that_does_not_answer_is_told_as_a_start(graded: Graded) -> None:
    files = solution("layers", "app.py", 'GREETING = "Hello"\n', 'GREETING = "Hello"\nassert len(GREETING) == 5\n')
    result = last(graded("layers", files, spec=('by        = "{word}"', 'by        = "Hello {word}"')))
    assert (result.outcome, result.evidence["kind"], result.evidence["reason"]) == (Outcome.FAIL, "start", "exited")
    assert "AssertionError" in result.log


def test_an_edit_that_no_step_takes_up(graded: Graded) -> None:
    inline = (OWN / "layers" / "wrong" / "edit-does-not-show" / "Dockerfile").read_text()
    result = last(graded("layers", {"Dockerfile": inline}))
    assert (result.evidence["fault"], result.evidence["reached"]) == ("body", "no")
    assert result.got == "200\n\nHello\n"


def test_what_was_lost_is_told_with_its_step(graded: Graded) -> None:
    files = solution("keeping", "Dockerfile", "COPY", "ENV NOTES=/tmp/notes\nCOPY")
    result = last(graded("keeping", files))
    assert result.outcome is Outcome.FAIL
    facts = {
        "lost": "yes",
        "phase": "after",
        "step_name": "after, step 1: read again",
        "fault": "status",
        "status": "404",
    }
    assert facts.items() <= result.evidence.items()
    assert "docker stop keeping && docker rm keeping && docker run -d --name keeping" in result.asked
    assert result.diagnosis is not None
    assert result.diagnosis.id == "data-not-kept"


def test_what_was_never_written_is_not_lost(graded: Graded) -> None:
    files = solution("keeping", "app.py", "write_bytes(text)", "write_bytes(b'')")
    result = last(graded("keeping", files))
    assert (result.evidence["phase"], result.evidence["step_name"]) == ("before", "before, step 2: read")
    assert "lost" not in result.evidence


def test_an_app_that_does_not_come_up_on_its_own_data(graded: Graded) -> None:
    files = solution("keeping", "app.py", "NOTES.mkdir(exist_ok=True)", "assert not list(NOTES.iterdir())")
    result = last(graded("keeping", files))
    assert (result.outcome, result.evidence["phase"]) == (Outcome.FAIL, "after replacement")
    assert (result.evidence["kind"], result.evidence["reason"]) == ("start", "exited")
    assert "AssertionError" in result.log


PROJECT = """
[[checks]]
id = "kept"
kind = "restart"
points = 1
title = "The count goes on"
objective = "o"
hints = ["a", "b", "c"]
before = [{ path = "/count/{word}", method = "POST", body = "1\\n" }]
after = [{ path = "/count/{word}", method = "POST", body = "2\\n" }]

[[checks]]
id = "rebuilt"
kind = "rebuild"
points = 1
title = "An edit installs nothing"
objective = "o"
hints = ["a", "b", "c"]
edit = "app.py"
cached = "pip install"
then = { path = "/count/{word}", method = "POST", body = "1\\n" }
"""


def test_a_project_is_rebuilt_and_its_containers_are_replaced(graded: Graded) -> None:
    spec = (OWN / "counter" / "exercise.toml").read_text().partition("[[checks]]")
    report = graded("counter", spec=(f"{spec[1]}{spec[2]}", PROJECT))
    kept, rebuilt = report.results[-2:]
    assert (kept.outcome, rebuilt.outcome) == (Outcome.PASS, Outcome.PASS), (kept.got, rebuilt.got)
    assert "docker compose down && docker compose up -d" in kept.asked
    assert rebuilt.asked.startswith("docker compose build && echo '# edited' >> app.py && docker compose build\ncurl")


def test_an_answer_that_the_end_cut_off(graded: Graded) -> None:
    files = solution(
        "parting", "app.py", "threading.Thread(target=server.shutdown).start()", "__import__('os')._exit(0)"
    )
    result = last(graded("parting", files))
    assert result.outcome is Outcome.FAIL
    facts = {"in_flight": "lost", "fault": "no-answer", "reason": "closed", "killed": "no", "exit_code": "0"}
    assert facts.items() <= result.evidence.items()
    assert (result.evidence["first"], result.evidence["shell_first"]) == ("python /app.py", "no")


def test_a_shell_that_keeps_the_signal_is_seen_in_the_process_list(graded: Graded) -> None:
    files = solution("parting", "Dockerfile", 'CMD ["python", "/app.py"]', "CMD python /app.py; true")
    result = last(graded("parting", files))
    assert (result.outcome, result.evidence["shell_first"], result.evidence["killed"]) == (Outcome.FAIL, "yes", "yes")
    assert result.evidence["first"] == "/bin/sh -c python /app.py; true"


def test_an_answer_that_never_came_is_no_question_of_the_end(graded: Graded) -> None:
    dies = "self.send_response(__import__('os')._exit(3) if self.path == '/slow' else 200)"
    files = solution("parting", "app.py", "self.send_response(200)", dies)
    result = last(graded("parting", files))
    assert (result.outcome, result.evidence["fault"], result.evidence["in_flight"]) == (Outcome.FAIL, "no-answer", "no")


def test_an_image_is_looked_into_though_its_app_never_starts(graded: Graded) -> None:
    files = solution("sealed", "app.py", '"""Answers."""', "raise SystemExit(1)")
    outcomes = {result.id: result.outcome for result in graded("sealed", files).results}
    assert outcomes["start"] is Outcome.FAIL
    assert {outcomes[each] for each in ("not-root", "no-secrets", "tidy")} == {Outcome.PASS}


def test_links_in_an_image_are_not_followed(graded: Graded) -> None:
    """A link to a file with the secret is no copy of it; a link in the place of the users' list proves nothing."""
    link = "RUN ln -s /etc/secret /app/link && echo t0p-0f-the-m0rning > /etc/secret"
    report = graded("sealed", solution("sealed", "Dockerfile", "USER app", f"{link}\nUSER app"))
    result = next(result for result in report.results if result.id == "no-secrets")
    # The text stands in the history, where the grader finds it, and in no file under the paths that are looked at.
    assert (result.outcome, result.evidence["secret"]) == (Outcome.FAIL, "a text of its history")


def test_nothing_of_these_checks_stays_on_the_engine(engine: Engine, graded: Graded) -> None:
    before = {each["Id"] for each in engine.client.api.containers(all=True, filters={"status": "created"})}
    report = graded("sealed")
    assert report.outcome is Outcome.PASS
    made = {each["Id"] for each in engine.client.api.containers(all=True, filters={"status": "created"})} - before
    assert not [each for each in made if "-" in (engine.client.api.inspect_container(each)["Config"]["Cmd"] or ())]
