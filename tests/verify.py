"""Grades the whole labelled corpus side by side, prints one table, and fails on a single wrong verdict."""

import os
import sys
import tempfile
import time
import traceback
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import closing
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from grader.engine import Engine, connect
from grader.grade import grade
from grader.report import Report
from tests.corpus import RIGHT, SOLUTION, STARTER, WRONG, Case, cases, exercises

GROUPS = (STARTER, SOLUTION, RIGHT, WRONG)


@click.command()
@click.argument("slugs", nargs=-1)
@click.option("--jobs", type=click.IntRange(min=1), default=3 * (os.cpu_count() or 1), show_default=True)
@click.option("--runtime", default="", help="Run the containers under another runtime, such as runsc.")
def main(slugs: tuple[str, ...], jobs: int, runtime: str) -> None:
    """Grade every starter, solution, right and wrong answer of the exercises SLUGS, by default of all."""
    started = time.monotonic()
    known = exercises()
    if unknown := set(slugs) - {exercise.slug for exercise in known}:
        raise click.UsageError(f"no exercise {', '.join(sorted(unknown))}")
    chosen = cases(of=[exercise for exercise in known if not slugs or exercise.slug in slugs])
    wrong: dict[str, list[str]] = {}
    with closing(connect(runtime)) as engine, ThreadPoolExecutor(jobs) as pool:
        running = {pool.submit(objections, each, engine): each for each in chosen}
        for number, future in enumerate(as_completed(running), start=1):
            case = running[future]
            if said := _result(future):
                wrong[case.name] = said
                print(f"{case.name}: {'; '.join(said)}", flush=True)
            if sys.stderr.isatty():
                print(f"\r{number}/{len(chosen)} ", end="", file=sys.stderr, flush=True)
    print()
    Console(width=80).print(table(chosen, wrong))
    print()
    print(f"{len(chosen)} verdicts, {len(wrong)} wrong, {time.monotonic() - started:.0f} s")
    sys.exit(1 if wrong else 0)


def objections(case: Case, engine: Engine) -> list[str]:
    """What is wrong with the verdict that the grader gives of one case."""
    return case.objections(graded(case, engine))


def graded(case: Case, engine: Engine) -> Report:
    """What the grader says of one case by itself."""
    with tempfile.TemporaryDirectory(prefix="shipshape-case-") as work:
        folder = case.submission(Path(work) / "submission")
        return grade(case.exercise.folder, folder, engine, progress=lambda line: None)


def table(chosen: list[Case], wrong: dict[str, list[str]]) -> Table:
    """One row for each exercise: how many cases of each group, and how many of them got a wrong verdict."""
    made = Table(box=None, pad_edge=False, show_footer=True)
    made.add_column("exercise", footer="all")
    for name, rows in _columns(chosen, wrong).items():
        made.add_column(name, footer=str(len(rows)), justify="right")
    for slug in dict.fromkeys(case.slug for case in chosen):
        columns = _columns([case for case in chosen if case.slug == slug], wrong)
        made.add_row(slug, *(str(len(rows)) for rows in columns.values()))
    return made


def _columns(chosen: list[Case], wrong: dict[str, list[str]]) -> dict[str, list[Case]]:
    groups = {group: [case for case in chosen if case.group == group] for group in GROUPS}
    return groups | {"wrong verdicts": [case for case in chosen if case.name in wrong]}


def _result(future: Future[list[str]]) -> list[str]:
    try:
        return future.result()
    except Exception as error:  # one case must not keep the others from being graded
        return [f"the grader broke: {error!r}", traceback.format_exc()]


if __name__ == "__main__":
    main()
