"""Grades cases of the labelled corpus: one by itself, or many side by side."""

import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from grader.engine import Engine
from grader.grade import grade
from grader.report import Outcome, Report
from tests.corpus import Case


def graded(case: Case, engine: Engine) -> Report:
    """What the grader says of one case by itself."""
    with tempfile.TemporaryDirectory(prefix="shipshape-case-") as work:
        folder = case.submission(Path(work) / "submission")
        return grade(case.exercise.folder, folder, engine, progress=lambda line: None)


def reports(chosen: Iterable[Case], engine: Engine, jobs: int) -> Iterator[tuple[Case, Report | Exception]]:
    """The report on each case as it comes, or how the grader broke; `jobs` of them are graded at a time.

    What could not be told is no verdict: as in a batch it is graded again at the end, here with nothing beside it.
    """
    untold = []
    for case, report in _side_by_side(chosen, engine, jobs):
        if isinstance(report, Report) and report.outcome is Outcome.ERROR:
            untold.append(case)
            said = next(result.got for result in report.results if result.outcome is Outcome.ERROR)
            print(f"{case.name}: to be graded again by itself: {said}", flush=True)
        else:
            yield case, report
    for case in untold:
        yield case, _tried(case, engine)


def _side_by_side(chosen: Iterable[Case], engine: Engine, jobs: int) -> Iterator[tuple[Case, Report | Exception]]:
    with ThreadPoolExecutor(jobs) as pool:
        running = {pool.submit(_tried, case, engine): case for case in chosen}
        try:
            for future in as_completed(running):
                yield running[future], future.result()
        finally:
            pool.shutdown(cancel_futures=True)  # who presses Ctrl-C waits only for those that have begun


def _tried(case: Case, engine: Engine) -> Report | Exception:
    try:
        return graded(case, engine)
    except Exception as error:  # one case must not keep the others from being graded
        return error
