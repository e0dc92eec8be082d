"""A class from its hand-ins to its gradebook: intake, what is due, the run; all of it goes on where it was stopped."""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from grader.batch import kit as kits
from grader.batch import plan
from grader.batch.book import gradebook
from grader.batch.crew import Crew
from grader.batch.display import Display
from grader.batch.gradebook import Gradebook
from grader.batch.intake import take_in_class
from grader.batch.kit import Kit
from grader.batch.run import Run
from grader.batch.store import Store
from grader.errors import UsageError
from grader.exercise import Exercise
from grader.intake.layout import Layout

LOCK = ".lock"


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What an instructor asked for beside the exercise and the hand-ins."""

    layout: Layout | None = None
    roster: Path | None = None
    regrade: str = ""  # "all", a check's id, or a student's key or name
    seed: int | None = None
    runtime: str = ""


@dataclass(frozen=True, kw_only=True)
class Graded:
    """Where the class stands."""

    gradebook: Gradebook
    stopped: bool  # before its end, by Ctrl-C


def grade_class(
    folder: Path,
    paths: Sequence[Path],
    out: Path,
    *,
    wishes: Wishes,
    hire: Callable[[Exercise], AbstractContextManager[Crew]],
    display: Display,
) -> Graded:
    """Grade what lies below `paths` for the exercise in `folder`, or go on with what is in `out` already.

    :param hire: those who grade; they are asked for where something is due
    :raises SpecError: the exercise is wrong
    :raises UsageError: something that was named is not there, or does not fit the batch in `out`
    :raises EngineFault: nobody can grade
    """
    kit = kits.pack(folder)
    with kits.laid_out(kit) as exercise, _alone(out), Store(out, new=True) as store:
        store.begin(kit, seed=wishes.seed)
        if paths:
            take_in_class(store, exercise, paths, layout=wishes.layout, roll=wishes.roster, display=display)
        _plan(store, kit, wishes.regrade, display)
        stopped = False
        if store.work.due():
            with hire(exercise) as crew:
                run = Run(store=store, kit=kit, exercise=exercise, crew=crew, display=display, runtime=wishes.runtime)
                store.engine = crew.engine
                run.run()
                stopped = run.stopped
        if not stopped:
            store.regrading = ""
        return Graded(gradebook=gradebook(store, compare=True), stopped=stopped)


def _plan(store: Store, kit: Kit, regrade: str, display: Display) -> None:
    """Decide what is due; what was asked for before a run was killed is not asked for anew."""
    handed_in = store.roll.handed_in()
    store.work.drop(each.parcel for each in store.work.due() if each.parcel not in handed_in)
    going_on = {each.parcel: each.checks for each in store.work.due()}
    if not going_on:
        store.regrading = ""
    wanted = dict(plan.unknown(store, kit))
    if regrade and regrade != store.regrading:
        wanted |= plan.again(store, kit, regrade)
        store.regrading = regrade
    store.work.want({key: plan.both(checks, going_on.get(key, checks)) for key, checks in wanted.items()})
    if known := len(handed_in) - len(store.work.due()):
        display.say(f"{known} of {len(handed_in)} submissions are graded already")


@contextlib.contextmanager
def _alone(out: Path) -> Iterator[None]:
    """Nobody else works on the batch in `out` for as long.

    :raises UsageError: somebody does, or `out` cannot be written
    """
    from filelock import FileLock, Timeout

    try:
        out.mkdir(parents=True, exist_ok=True)
        lock = FileLock(out / LOCK)
        lock.acquire(timeout=0)
    except Timeout as error:
        raise UsageError(f"another batch is at work in {out}: wait for it, or name another --out") from error
    except OSError as error:
        raise UsageError(f"{out} cannot be written: {error.strerror}; name another --out") from error
    try:
        yield
    finally:
        lock.release()
