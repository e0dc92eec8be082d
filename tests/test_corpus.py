"""A part of the labelled corpus, graded side by side; `make verify` grades all of it."""

from pathlib import Path

import pytest

from grader.engine import Engine
from tests.corpus import WRONG, Case, Edit, cases
from tests.grading import reports
from tests.verify import objections

WORKERS = 6  # more than the cores of a small machine: a verdict must hold under load
EVERY = 40  # of the cases


def part() -> list[Case]:
    """Some of them: a starter, a worked answer, right ones, and wrong ones of all stages."""
    return cases()[::EVERY]


@pytest.fixture(scope="session")
def verdicts(request: pytest.FixtureRequest, engine: Engine) -> dict[str, list[str]]:
    """What is wrong with the verdict on each selected case; they are graded side by side, as a class would be."""
    selected = [
        item.callspec.params["case"]
        for item in request.session.items
        if getattr(item, "originalname", "") == "test_verdict"
    ]
    return {case.name: objections(case, report) for case, report in reports(selected, engine, WORKERS)}


@pytest.mark.docker
@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in part()])
def test_verdict(case: Case, verdicts: dict[str, list[str]]) -> None:
    assert "\n".join(verdicts[case.name]) == ""


def contents(folder: Path) -> dict[str, tuple[bytes, int] | Path]:
    """The files and links of a folder, by name."""
    return {
        path.relative_to(folder).as_posix(): path.readlink()
        if path.is_symlink()
        else (path.read_bytes(), path.stat().st_mode)
        for path in folder.rglob("*")
        if path.is_symlink() or path.is_file()
    }


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in cases() if case.group == WRONG])
def test_a_wrong_answer_is_not_the_worked_one(case: Case, tmp_path: Path) -> None:
    assert contents(case.submission(tmp_path / "it")) != contents(case.exercise.solution)


def test_an_edit_changes_its_place_and_keeps_the_rest(tmp_path: Path) -> None:
    (tmp_path / "start.sh").write_bytes(b"#!/bin/sh\r\nflask run\n")
    (tmp_path / "start.sh").chmod(0o755)
    Edit(file="start.sh", replace="flask run", by="exec flask run").perform(tmp_path)
    assert contents(tmp_path) == {"start.sh": (b"#!/bin/sh\r\nexec flask run\n", 0o100755)}


@pytest.mark.parametrize(("text", "count"), [("app.run()\n", 0), ("flask run\nflask run\n", 2)])
def test_an_edit_without_its_one_place_is_told(tmp_path: Path, text: str, count: int) -> None:
    (tmp_path / "app.py").write_text(text)
    with pytest.raises(ValueError, match=f"^app.py has {count} places with 'flask run': an edit needs one$"):
        Edit(file="app.py", replace="flask run", by="x").perform(tmp_path)
    assert (tmp_path / "app.py").read_text() == text
