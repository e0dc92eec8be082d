"""Grading for one student: which exercise is next, what is remembered of it, and the board of them all."""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TextIO

from grader import exercise
from grader import progress as memory
from grader.engine import Engine
from grader.exercise import Exercise
from grader.grade import grade as grade_submission
from grader.render.board import Board, Row
from grader.report import Report

REMEMBERED = ".progress.json"


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """The exercise that is graded next, with what there is besides it and what is remembered."""

    slug: str
    exercises: Path
    specs: Mapping[str, Exercise]
    remembered: memory.Progress


@dataclass(frozen=True, kw_only=True)
class Graded:
    """One grading, and where the student stands after it."""

    report: Report
    board: Board
    notes: tuple[str, ...]  # about the file of remembered results itself


def choose(slug: str | None, exercises: Path) -> Chosen | None:
    """The exercise named `slug`, or the first that has not full marks yet; None where all have.

    :raises UsageError: there is none of that name
    :raises SpecError: one of the exercises is wrong
    """
    specs = {each: exercise.load(exercises / each / exercise.FILE) for each in exercise.slugs(exercises)}
    remembered = memory.load(exercises / REMEMBERED)
    slug = slug or memory.first_unfinished({each: spec.max_points for each, spec in specs.items()}, remembered)
    if slug is None and specs:
        return None
    folder = exercise.find(exercises, slug or "")
    return Chosen(slug=folder.name, exercises=exercises, specs=specs, remembered=remembered)


def grade(
    chosen: Chosen, submission: Path | None, engine: Engine, *, seed: int | None, progress: Callable[[str], None]
) -> Graded:
    """Grade a submission, by default the student's own folder; results are remembered for that folder alone.

    :raises GraderError: see grader.errors
    """
    folder, remembered = chosen.exercises / chosen.slug, chosen.remembered
    own = submission is None or submission.resolve() == folder.resolve()
    report = grade_submission(
        folder,
        folder if submission is None else submission,
        engine,
        seed=seed,
        progress=progress,
        failures=partial(remembered.failures, chosen.slug) if own else None,
    )
    if not own:
        board = Board(rows=(), note=f"not recorded: this was not {folder.as_posix()}")
        return Graded(report=report, board=board, notes=remembered.notes)
    after = memory.record(report, chosen.exercises / REMEMBERED)
    return Graded(
        report=report,
        board=_board(chosen.specs, after, chosen.slug),
        notes=remembered.notes + after.notes,
    )


@contextlib.contextmanager
def progress_line(stream: TextIO | None) -> Iterator[Callable[[str], None]]:
    """Yield a function that tells what is being done: one changing line on a terminal, plain lines elsewhere."""
    from grader.render.clean import one_line

    if stream is None:
        yield lambda text: None
    elif stream.isatty():
        from grader.render.steps import steps

        with steps(stream) as tell:
            yield tell
    else:
        from grader.render.stream import drop

        def line(text: str) -> None:
            try:
                print(one_line(text), file=stream, flush=True)
            except OSError:  # whoever read it has gone, and the grading goes on
                drop(stream)

        yield line


def _board(specs: Mapping[str, Exercise], remembered: memory.Progress, current: str) -> Board:
    rows = []
    for slug, spec in specs.items():
        standing = remembered.exercises.get(slug)
        best = standing.best if standing and standing.max == spec.max_points else None
        rows.append(Row(slug=slug, title=spec.title, max=spec.max_points, best=best))
    return Board(rows=tuple(rows), current=current)
