"""A part of the labelled corpus, graded side by side; `make verify` grades all of it."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from grader.engine import Engine
from tests.corpus import Case, cases
from tests.verify import objections

WORKERS = 6  # more than the cores of a small machine: a verdict must hold under load
EVERY = 40  # of the cases


def part() -> list[Case]:
    """Some of all exercises: starters, worked answers, right ones and wrong ones; each of the stages is among them."""
    return cases()[::EVERY]


@pytest.fixture(scope="session")
def verdicts(request: pytest.FixtureRequest, engine: Engine) -> Iterator[dict[str, Future[list[str]]]]:
    """What is wrong with the verdict on each selected case; they are graded side by side, as a class would be."""
    selected = [
        item.callspec.params["case"]
        for item in request.session.items
        if getattr(item, "originalname", "") == "test_verdict"
    ]
    with ThreadPoolExecutor(WORKERS) as pool:
        yield {case.name: pool.submit(objections, case, engine) for case in selected}
        pool.shutdown(cancel_futures=True)


@pytest.mark.docker
@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in part()])
def test_verdict(case: Case, verdicts: dict[str, Future[list[str]]]) -> None:
    assert verdicts[case.name].result() == []
