"""Who grades: threads of this machine on its own engine, or the workers of a Dask cluster, each on theirs."""

import contextlib
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial

import msgspec

from grader.batch.display import Display
from grader.batch.job import JOB, perform
from grader.batch.space import Space
from grader.engine import Engine, connect
from grader.engine.ledger import sweep_all
from grader.errors import EngineFault
from grader.exercise import Exercise

PATIENCE = 5.0  # seconds for a busy engine to say a word
NEED = 600_000_000  # bytes of memory that one grading may use at a time: its build, its containers, the client


class Abandoned(BaseException):
    """Nobody waits for this grading any more; what it made is removed."""


@dataclass(frozen=True, kw_only=True)
class Crew:
    """An executor, and what it is given to do."""

    executor: Executor
    work: Callable[[bytes], bytes]  # a packed job to a packed report
    size: Callable[[], int]  # gradings at a time; it may change
    engine: str = ""  # by name, where there is one for all
    absent: Callable[[], str] = lambda: ""  # who is missing, in words, where nobody can grade now
    shortage: Callable[[bool], str] = lambda idle: ""  # why no grading can begin, in a line
    begin: Callable[[], None] = lambda: None  # a grading is about to be given out
    abandon: Callable[[], None] = lambda: None  # end what is under way as soon as may be


def fitting(exercise_memory: int) -> int:
    """How many gradings fit this machine at a time: its cores, and its free memory.

    :param exercise_memory: megabytes that one submission's containers may use
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    free = _free_memory()
    by_memory = free // (NEED + exercise_memory * 1_000_000) if free else cores
    return max(1, min(2 * cores, by_memory))


def hire(
    exercise: Exercise, *, cluster: str, jobs: int | None, runtime: str, display: Display
) -> AbstractContextManager[Crew]:
    """The cluster whose scheduler has that address, or threads of this machine: `jobs`, or as many as fit.

    :raises EngineFault: no scheduler, or no engine, answers
    """
    if cluster:
        from grader.batch.cluster import cluster as join

        return join(cluster)
    return local(jobs or fitting(exercise.run.memory), runtime, display)


@contextlib.contextmanager
def local(size: int, runtime: str, display: Display) -> Iterator[Crew]:
    """Threads on this machine's engine; what dead runs left on it is removed first, and last.

    :raises EngineFault: no engine answers
    """
    over = threading.Event()
    with contextlib.closing(connect(runtime)) as engine:
        sweep_all(engine)
        space = Space(engine=engine)
        with ThreadPoolExecutor(size, thread_name_prefix="grading") as pool:
            yield Crew(
                executor=pool,
                work=partial(_here, engine=engine, display=display, over=over),
                size=lambda: size,
                engine=engine.name,
                absent=lambda: "" if engine.answers(PATIENCE) else "the engine does not answer",
                shortage=lambda idle: space.shortage(idle=idle),
                begin=space.begin,
                abandon=over.set,
            )
        with contextlib.suppress(EngineFault):
            sweep_all(engine)


def _here(packed: bytes, *, engine: Engine, display: Display, over: threading.Event) -> bytes:
    worker = threading.current_thread().name

    def progress(text: str) -> None:
        if over.is_set():
            raise Abandoned
        display.stage(worker, text)

    try:
        progress("")
        return msgspec.msgpack.encode(perform(JOB.decode(packed), engine, progress))
    finally:
        display.stage(worker, "")


def _free_memory() -> int:
    """Bytes that can be had without swapping; 0 where this system does not tell."""
    with contextlib.suppress(OSError, ValueError), open("/proc/meminfo", encoding="ascii") as lines:
        for line in lines:
            name, _, value = line.partition(":")
            if name == "MemAvailable":
                return int(value.split()[0]) * 1024
    return 0
