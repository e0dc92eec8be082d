"""The flow of one grading: take in, build, start, check, report; whatever happens, nothing is left on the engine."""

import secrets
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from grader import images
from grader.checks import Check
from grader.engine import Engine
from grader.engine.image import facts_of, stand_ins
from grader.engine.ledger import Lease, open_ledger
from grader.errors import EngineFault
from grader.exercise import FILE, Exercise, load
from grader.report import Outcome, Report, Result
from grader.stages import BUILD_TITLE, START_TITLE, build_image, explain, start_container
from grader.submission import Submission, take_in
from grader.target import Target

Progress = Callable[[str], None]


def grade(
    folder: Path,
    source: Path,
    engine: Engine,
    *,
    progress: Progress,
    seed: int | None = None,
    failures: Mapping[str, int] | None = None,
) -> Report:
    """Grade the submission in `source` for the exercise in `folder`.

    :param progress: called with a line whenever something new begins
    :param seed: repeats the random words of an earlier run
    :param failures: how often in a row each check has failed before: its hints become plainer each time
    :raises SpecError: the exercise is wrong
    :raises SubmissionError: `source` is no submission
    """
    exercise = load(folder / FILE)
    images.ensure(exercise.bases, engine, progress)
    started, clock = datetime.now(UTC), time.monotonic()
    seed = secrets.randbelow(1 << 32) if seed is None else seed
    with open_ledger(engine) as lease:
        submission = take_in(exercise, source, lease.folder / "submission")
        found = _results(exercise, submission, engine, folder.name, lease, seed, progress)
        results = {result.id: result for result in found}
    order = ("build", "start", *(check.id for check in exercise.checks))
    hints = {check.id: check.hints[min((failures or {}).get(check.id, 0), 2)] for check in exercise.checks}
    return Report(
        exercise=folder.name,
        title=exercise.title,
        submission=submission.name,
        digest=submission.digest,
        seed=seed,
        results=tuple(_hinted(results[each], hints) for each in order),
        started=started.isoformat(timespec="seconds"),
        seconds=round(time.monotonic() - clock, 3),
        engine=engine.name,
        stand_ins=stand_ins(engine, exercise.bases),
        notes=_notes(exercise, submission),
    )


def _results(
    exercise: Exercise,
    submission: Submission,
    engine: Engine,
    name: str,
    lease: Lease,
    seed: int,
    progress: Progress,
) -> Iterator[Result]:
    """Every stage's and every check's result, in the order in which they come to be."""
    try:
        built = build_image(engine, exercise, submission, name=name, lease=lease, progress=progress)
    except EngineFault as fault:
        yield _fault(Result(id="build", kind="build", title=BUILD_TITLE, outcome=Outcome.ERROR), fault)
        yield from _blocked(exercise.checks, "build", start=True)
        return
    yield built.result
    if not built.image:
        yield from _blocked(exercise.checks, "build", start=True)
        return
    target = Target(
        engine=engine,
        name=name,
        image_id=built.image,
        image=facts_of(engine, built.image, exercise.bases),
        run=exercise.run,
        lease=lease,
        seed=seed,
        files=submission.files,
        probe=exercise.bases[0],
    )
    yield from (_run(check, target, progress) for check in exercise.checks if not check.needs_start)
    yield from _running(exercise, target, progress)


def _running(exercise: Exercise, target: Target, progress: Progress) -> Iterator[Result]:
    """The start, and the checks that need it; those that end the container come last, each on one of its own."""
    progress(f"starting: {target.command} (waiting up to {exercise.run.timeout:g} s for an answer)")
    yield (started := _start(target))
    checks = sorted((check for check in exercise.checks if check.needs_start), key=lambda check: check.destructive)
    if started.outcome is not Outcome.PASS:
        yield from _blocked(checks, "start")
        return
    for check in checks:
        again = _start(target) if target.ended else started
        if again.outcome is Outcome.ERROR:
            yield msgspec.structs.replace(_blank(check), got=again.got)
        elif again.outcome is Outcome.FAIL:
            yield from _blocked([check], "start")
        else:
            yield _run(check, target, progress)


def _start(target: Target) -> Result:
    try:
        return start_container(target)
    except EngineFault as fault:
        return _fault(Result(id="start", kind="start", title=START_TITLE, outcome=Outcome.ERROR), fault)


def _run(check: Check, target: Target, progress: Progress) -> Result:
    """One check's result, with the log and the cause where it failed."""
    progress(f"checking: {check.title}")
    started = time.monotonic()
    blank = _blank(check)
    try:
        result = check.run(target)
        if result.outcome is Outcome.FAIL:
            facts = {"kind": check.kind, "check": check.id, "name": target.name} | result.evidence | target.condition()
            result = explain(msgspec.structs.replace(result, log=target.log()), facts)
    except EngineFault as fault:
        result = _fault(blank, fault)
    except Exception as error:  # a bug of ours in one check must not take the others' results, or a student's points
        trace = "".join(traceback.format_exception(error))
        result = msgspec.structs.replace(blank, got=f"a bug in the grader: {error!r}", traceback=trace)
    return msgspec.structs.replace(result, seconds=round(time.monotonic() - started, 3))


def _blank(check: Check) -> Result:
    return Result(id=check.id, kind=check.kind, title=check.title, outcome=Outcome.ERROR, max_points=check.points)


def _fault(result: Result, fault: EngineFault) -> Result:
    return msgspec.structs.replace(result, outcome=Outcome.ERROR, got=str(fault))


def _blocked(checks: Iterable[Check], by: str, *, start: bool = False) -> Iterator[Result]:
    """A SKIP for each check, and for the start as well where the build broke."""
    if start:
        yield Result(
            id="start",
            kind="start",
            title=START_TITLE,
            outcome=Outcome.SKIP,
            blocked_by=by,
        )
    for check in checks:
        yield Result(
            id=check.id,
            kind=check.kind,
            title=check.title,
            outcome=Outcome.SKIP,
            max_points=check.points,
            blocked_by=by,
        )


def _hinted(result: Result, hints: Mapping[str, str]) -> Result:
    if result.outcome is not Outcome.FAIL:
        return result
    return msgspec.structs.replace(result, hint=hints.get(result.id, ""))


def _notes(exercise: Exercise, submission: Submission) -> tuple[str, ...]:
    """What the reader should know besides: files that were there and were not taken."""
    strays = [name for name in submission.left_out if name not in ("exercise.toml", ".progress.json")]
    if not strays:
        return ()
    strays = [f"{name} (a link)" if name in submission.links else name for name in strays]
    shown = ", ".join(strays[:5]) + (f" and {len(strays) - 5} more" if len(strays) > 5 else "")
    return (f"not taken: {shown} (this exercise takes {', '.join((*exercise.files, *exercise.optional))})",)
