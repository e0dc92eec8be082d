"""Grades the whole labelled corpus side by side, prints one table, and fails on a single wrong verdict."""

import os
import sys
import time
import traceback
from contextlib import closing

import click
from rich.console import Console
from rich.table import Table

from grader.engine import connect
from grader.report import Outcome, Report
from tests.corpus import RIGHT, SOLUTION, STARTER, WRONG, Case, cases, exercises
from tests.grading import reports

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
    with closing(connect(runtime)) as engine:
        for number, (case, report) in enumerate(reports(chosen, engine, jobs), start=1):
            if said := objections(case, report):
                wrong[case.name] = said
                print(f"{case.name}: {said[0]}", flush=True)
            if sys.stderr.isatty():
                print(f"\r{number}/{len(chosen)} ", end="", file=sys.stderr, flush=True)
    print()
    Console(width=80).print(table(chosen, wrong))
    print()
    for name, said in wrong.items():  # once more, where the end of a long log is all that is read
        print(name, *said, sep="\n  ")
    print(f"{len(chosen)} verdicts, {len(wrong)} wrong, {time.monotonic() - started:.0f} s")
    sys.exit(1 if wrong else 0)


def objections(case: Case, report: Report | Exception) -> list[str]:
    """What is wrong with the verdict on one case, and then what it rests on."""
    if isinstance(report, Exception):
        return [f"the grader broke: {report!r}", "".join(traceback.format_exception(report))]
    said = case.objections(report)
    return [*said, *_observed(report)] if said else []


def _observed(report: Report) -> list[str]:
    """Each result that is not a pass."""
    told = [result for result in report.results if result.outcome not in (Outcome.PASS, Outcome.SKIP)]
    return [
        line
        for result in told
        for line in (f"{result.id} {result.outcome.upper()}: {result.got}", *result.log.splitlines())
    ]


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


if __name__ == "__main__":
    main()
