"""Every right answer gets full marks; every wrong one loses exactly its checks, for exactly its cause."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from grader.engine import Engine
from grader.grade import grade
from grader.report import Outcome, Report
from tests.corpus import ROOT, Case, cases

CASES = cases()
WORKERS = 3  # more than the cores of a small machine: a verdict must hold under load


@pytest.fixture(scope="session")
def reports(
    request: pytest.FixtureRequest, engine: Engine, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Future[Report]]]:
    """A future report for each selected case; they are graded side by side, as a class would be."""
    selected = [
        item.callspec.params["case"]
        for item in request.session.items
        if getattr(item, "originalname", "") == "test_verdict"
    ]

    def run(case: Case) -> Report:
        folder: Path = case.submission(tmp_path_factory.mktemp("case") / "submission")
        return grade(ROOT / "exercises" / case.slug, folder, engine, progress=lambda line: None)

    with ThreadPoolExecutor(WORKERS) as pool:
        yield {case.name: pool.submit(run, case) for case in selected}
        pool.shutdown(cancel_futures=True)


@pytest.mark.docker
@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_verdict(case: Case, reports: dict[str, Future[Report]]) -> None:
    report = reports[case.name].result()
    told = "\n".join(
        f"{result.outcome} {result.id}: {result.got} {result.diagnosis} {result.traceback}{result.log}"
        for result in report.results
    )
    lost = {result.id for result in report.results if result.max_points and result.outcome is not Outcome.PASS}
    causes = {result.diagnosis.id if result.diagnosis else "" for result in report.results if result.outcome == "fail"}
    assert report.points is not None, told
    assert lost == case.lost, told
    assert causes == ({case.diagnosis} if case.diagnosis else set()), told
    assert (report.exit_code == 0) == (not case.diagnosis), told
