"""One grading as a value: all that it needs goes to a worker as bytes, and its report comes back as bytes."""

from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial

import msgspec

from grader.batch import kit as kits
from grader.batch import parcel as parcels
from grader.batch.kit import Kit
from grader.batch.parcel import Parcel
from grader.engine import Engine, connect
from grader.exercise import Exercise
from grader.grade import grade_taken
from grader.report import Report


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """What one worker is asked to grade."""

    kit: Kit
    parcel: Parcel
    seed: int
    checks: tuple[str, ...] = ()  # the ids of those that are asked for; none means all
    runtime: str = ""


# Made here, by one thread: msgspec's first look at a type must not be taken by two at once.
JOB = msgspec.msgpack.Decoder(Job)


def perform(job: Job, engine: Engine, progress: Callable[[str], None]) -> Report:
    """Grade it here."""
    with kits.laid_out(job.kit) as exercise:
        take = partial(parcels.unpack, job.parcel)
        return grade_taken(
            _narrowed(exercise, job.checks), job.kit.slug, take, engine, progress=progress, seed=job.seed
        )


def perform_packed(packed: bytes) -> bytes:
    """Grade a job that came from elsewhere, on this machine's own engine; both ways it travels as MessagePack."""
    job = JOB.decode(packed)
    with closing(connect(job.runtime)) as engine:
        return msgspec.msgpack.encode(perform(job, engine, lambda text: None))


def _narrowed(exercise: Exercise, checks: Sequence[str]) -> Exercise:
    """The exercise with some of its checks alone."""
    if not checks:
        return exercise
    kept = tuple(check for check in exercise.checks if check.id in checks)
    return msgspec.structs.replace(exercise, checks=kept)
