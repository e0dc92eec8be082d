"""Marks what one run makes on the engine, so that it is removed: by the run, or by the next one if it was killed."""

import contextlib
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.engine import cgroup, entry
from grader.engine.connection import Engine
from grader.engine.dying import let_go
from grader.engine.entry import Entry
from grader.engine.lending import Loan
from grader.engine.removal import remove_all
from grader.errors import EngineFault, GraderError

IN_FLIGHT = 1.0  # seconds for the engine to finish what it was asked for by a client that is gone


@dataclass(frozen=True, kw_only=True)
class Lease:
    """What one run has: a label for all that it makes, a folder, and networks on loan."""

    label: str
    folder: Path
    networks: Loan


@contextlib.contextmanager
def open_ledger(engine: Engine) -> Iterator[Lease]:
    """Begin a run; at its end its folder and all that carries its label are removed, in the background.

    What dead runs left is removed first.
    """
    sweep(engine)
    mine = entry.begin()
    mine.folder.mkdir()
    lease = Lease(label=mine.label, folder=mine.folder, networks=Loan(engine))
    try:
        yield lease
    except BaseException as error:
        engine.later(_end, engine, mine, lease.networks, broken_off=not isinstance(error, GraderError))
        raise
    engine.later(_end, engine, mine, lease.networks)


def sweep_all(engine: Engine) -> None:
    """Remove what dead runs left, also of those that were swept a moment ago."""
    entry.look_again()
    sweep(engine)


def sweep(engine: Engine) -> None:
    """Remove what runs left behind that were killed before they could."""
    left = list(entry.dead())
    try:
        for each in left:
            _forget(each)
        if left:
            remove_all(engine, {each.label for each in left})
    except BaseException as error:
        for each in left:
            each.close(gone=False)
        if isinstance(error, EngineFault):
            return  # the next run tries again
        raise
    for each in left:
        each.swept()


def _end(engine: Engine, mine: Entry, networks: Loan, *, broken_off: bool = False) -> None:
    """End a run.

    Where it was broken off, the engine may still be making what it was asked for last: that is looked for twice, and
    by later runs as well. Its networks are then no other run's.
    """
    _forget(mine)
    try:
        remove_all(engine, {mine.label})
        if broken_off:
            time.sleep(IN_FLIGHT)
            remove_all(engine, {mine.label})
    except EngineFault:
        mine.close(gone=False)  # for the next run to try
        return
    mine.close(gone=True, late=broken_off)
    if not broken_off:
        networks.end()
    let_go(engine)


def _forget(run: Entry) -> None:
    """Remove what a run had on this machine: its folder, and its share of the limits for builds."""
    cgroup.release(run.folder)
    shutil.rmtree(run.folder, ignore_errors=True)
