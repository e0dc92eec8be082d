"""Grades a made-up class in one command, and holds each score against grading that submission alone.

`python -m tests.whole_class 200` does so in each of the layouts.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import click

from grader.batch.book import gradebook
from grader.batch.store import Store
from grader.engine import Engine, connect
from grader.intake.layout import Layout
from tests.classroom import MISSING, Pupil, pack, pupils, roster, truth
from tests.conftest import ROOT
from tests.grading import reports

NAMES = [each.value for each in Layout]
ALONE = 3  # gradings of one submission at a time, each a run of its own

Scores = dict[str, float | None]  # by a student's key; None where there is none


@click.command()
@click.argument("count", type=click.IntRange(min=1))
@click.option("--exercise", default="01-hello", show_default=True)
@click.option("--layout", "layouts", multiple=True, type=click.Choice(NAMES), default=NAMES)
def main(count: int, exercise: str, layouts: tuple[str, ...]) -> None:
    """Grade a class of COUNT in each layout, and print how many scores are not those of grading alone."""
    made = pupils(count, exercise)
    started = time.monotonic()
    with closing(connect()) as engine:
        alone = scores_alone(made, engine)
    print(f"alone      {count} students, {time.monotonic() - started:.0f} s", flush=True)
    wrong = differing(alone, labelled(made))
    print(f"           {len(wrong)} scores differ from the labels {wrong or ''}", flush=True)
    for layout in map(Layout, layouts):
        with tempfile.TemporaryDirectory(prefix="shipshape-class-") as work:
            started = time.monotonic()
            scores = scores_together(made, layout, Path(work))
            other = differing(scores, {**alone, MISSING: None})
            said = [f"{len(scores)} students, {time.monotonic() - started:.0f} s, {len(other)} scores differ"]
            said += [f"{key}: {scores.get(key)} for {alone.get(key)}" for key in other]
            print(f"{layout:10} " + "\n           ".join(said), flush=True)
        wrong += other
    sys.exit(1 if wrong else 0)


def keyed(made: Iterable[Pupil]) -> dict[str, Pupil]:
    return {each.key: each for each in made}


def labelled(made: Iterable[Pupil]) -> Scores:
    """What each is to get by the labels of the corpus."""
    return {key: truth(pupil)["points"] for key, pupil in keyed(made).items()}


def scores_alone(made: Iterable[Pupil], engine: Engine) -> Scores:
    """What each gets whose submission is graded by itself; those who handed in the same get the same."""
    found = {each.case.name: each.case for each in made if each.case}
    points = {}
    for case, report in reports(found.values(), engine, ALONE):
        if isinstance(report, Exception):
            raise report
        points[case.name] = report.points
    return {key: points[each.case.name] if each.case else None for key, each in keyed(made).items()}


def scores_together(made: list[Pupil], layout: Layout, work: Path) -> Scores:
    """What each gets whose class is graded in one command; the batch's own folder is `work`/out.

    :raises RuntimeError: the command did not end well
    """
    slug = next(each.case.slug for each in made if each.case)
    pack(made, layout, work / "class")
    (work / "roster.csv").write_text(roster(made))
    words = ["batch", slug, str(work / "class"), "--roster", str(work / "roster.csv"), "--out", str(work / "out")]
    done = subprocess.run([sys.executable, "-m", "grader", *words], cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"exit code {done.returncode}: {done.stderr}")
    with Store(work / "out") as store:
        return {entry.student.key: entry.points for entry in gradebook(store).entries}


def differing(scores: Scores, expected: Scores) -> list[str]:
    """The keys of the students whose score is another one."""
    return sorted(key for key in {*scores, *expected} if scores.get(key, -1) != expected.get(key, -1))


if __name__ == "__main__":
    main()
