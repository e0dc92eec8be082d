"""One grading: take in, try, try once more where a fault may have passed, report; nothing is left on the engine."""

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import msgspec

from grader.checks import PythonCheck
from grader.engine import Engine
from grader.engine.image import stand_ins
from grader.engine.ledger import open_ledger
from grader.engine.witness import witness
from grader.errors import EngineFault
from grader.exercise import FILE, Exercise, load
from grader.flow import Flow
from grader.prepare import Preparation
from grader.report import Attempt, Outcome, Report, Result
from grader.submission import Submission, take_in

Progress = Callable[[str], None]
Take = Callable[[Path], Submission]  # puts a clean copy of what was handed in into an empty folder
PAUSE = 2.0  # seconds before a second try
COMEBACK = 20.0  # seconds for an engine that was restarted to answer again


def grade(
    folder: Path,
    source: Path,
    engine: Engine,
    *,
    progress: Progress,
    seed: int | None = None,
    failures: Callable[[str], Mapping[str, int]] | None = None,
) -> Report:
    """Grade the submission in `source` for the exercise in `folder`.

    Where a fault that may well pass kept something from being told, all of it is tried once more.

    :param progress: called with a line whenever something new begins
    :param seed: repeats the random words of an earlier run
    :param failures: for a submission's digest, how often in a row each check has failed before: its hints become
        plainer each time
    :raises SpecError: the exercise is wrong
    :raises SubmissionError: `source` is no submission
    """
    exercise = load(folder / FILE)
    take = partial(take_in, exercise, source)
    report = grade_taken(exercise, folder.name, take, engine, progress=progress, seed=seed)
    return with_hints(report, exercise, failures(report.digest) if failures else {})


def grade_taken(
    exercise: Exercise, name: str, take: Take, engine: Engine, *, progress: Progress, seed: int | None = None
) -> Report:
    """Grade what `take` lays out, for an exercise that was read already; the report has no hints.

    :param name: of the exercise
    :raises SubmissionError: from `take`
    """
    seed = secrets.randbelow(1 << 32) if seed is None else seed
    trial = _Trial(exercise=exercise, name=name, take=take, engine=engine, seed=seed, progress=progress)
    report, passing = trial.once()
    if passing:
        progress(f"trying once more: {passing}")
        _wait_for(engine)
        first, (report, _) = report, trial.once()
        report = msgspec.structs.replace(report, attempts=(_attempt(first), _attempt(report)))
    return report


def with_hints(report: Report, exercise: Exercise, before: Mapping[str, int]) -> Report:
    """The report with a hint at each failure: the plainer, the more often in a row, `before`, that check has failed."""
    hints = {check.id: check.hints[min(before.get(check.id, 0), 2)] for check in exercise.checks}
    return msgspec.structs.replace(report, results=tuple(_hinted(result, hints) for result in report.results))


@dataclass(frozen=True, kw_only=True)
class _Trial:
    """What one try at a grading needs, and a second one as well."""

    exercise: Exercise
    name: str  # of the exercise
    take: Take
    engine: Engine
    seed: int
    progress: Progress

    def once(self) -> tuple[Report, str]:
        """The report of one try, and the fault that a second one may well mend, or nothing."""
        started, clock = datetime.now(UTC), time.monotonic()
        with open_ledger(self.engine) as lease, witness(self.engine, lease.label) as seen:
            submission = self.take(lease.folder / "submission")
            preparation = Preparation(
                engine=self.engine,
                exercise=self.exercise,
                submission=submission,
                name=self.name,
                lease=lease,
                seed=self.seed,
                progress=self.progress,
            )
            flow = Flow(preparation=preparation, witness=seen)
            results = {result.id: result for result in flow.results()}
        order = ("build", "start", *(check.id for check in self.exercise.checks))
        report = Report(
            exercise=self.name,
            title=self.exercise.title,
            submission=submission.name,
            digest=submission.digest,
            seed=self.seed,
            results=tuple(results[each] for each in order),
            started=started.isoformat(timespec="seconds"),
            seconds=round(time.monotonic() - clock, 3),
            engine=self.engine.name,
            stand_ins=_stand_ins(self.engine, self.exercise),
            notes=(*_notes(self.exercise, submission), *flow.notes),
        )
        return report, next(iter(flow.passing), "") if report.outcome is Outcome.ERROR else ""


def _wait_for(engine: Engine) -> None:
    """Wait a moment, and for an engine that was restarted until it answers; a dead one is found out by the next try."""
    time.sleep(PAUSE)
    deadline = time.monotonic() + COMEBACK
    while (left := deadline - time.monotonic()) > 0 and not engine.answers(left):
        time.sleep(0.2)


def _attempt(report: Report) -> Attempt:
    faults = tuple(result.got for result in report.results if result.outcome is Outcome.ERROR)
    return Attempt(started=report.started, seconds=report.seconds, outcome=report.outcome, faults=faults)


def _hinted(result: Result, hints: Mapping[str, str]) -> Result:
    if result.outcome is not Outcome.FAIL:
        return result
    return msgspec.structs.replace(result, hint=hints.get(result.id, ""))


def _stand_ins(engine: Engine, exercise: Exercise) -> tuple[str, ...]:
    try:
        return stand_ins(engine, exercise.bases)
    except EngineFault:  # it is gone, as the results say
        return ()


def _notes(exercise: Exercise, submission: Submission) -> tuple[str, ...]:
    """What the reader should know besides: files that were there and were not taken."""
    # In the exercise's own folder lie files of its author's.
    functions = [check.function for check in exercise.checks if isinstance(check, PythonCheck)]
    theirs = {FILE, ".progress.json", *(Path(function.rpartition(":")[0]).name for function in functions)}
    strays = [name for name in submission.left_out if name not in theirs]
    if not strays:
        return ()
    strays = [f"{name} (a link)" if name in submission.links else name for name in strays]
    shown = ", ".join(strays[:5]) + (f" and {len(strays) - 5} more" if len(strays) > 5 else "")
    return (f"not taken: {shown} (this exercise takes {', '.join((*exercise.files, *exercise.optional))})",)
