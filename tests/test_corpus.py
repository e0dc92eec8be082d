"""A part of the labelled corpus, graded side by side; `make verify` grades all of it."""

import pytest

from grader.engine import Engine
from tests.corpus import Case, cases
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
    assert verdicts[case.name] == []
