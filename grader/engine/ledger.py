"""Marks what one run makes on the engine, so that it is removed: by the run, or by the next one if it was killed.

The mark is a label with a random key. A fixed key could be set by a student's Dockerfile, and a sweep by that key
would then remove what is not ours. The key is written to a file before anything is made; the file stays locked for as
long as the run lives.
"""

import concurrent.futures
import contextlib
import secrets
import shutil
import time
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.engine import cgroup
from grader.engine.command import state_folder
from grader.engine.connection import Engine
from grader.engine.dying import let_go
from grader.engine.faults import engine_faults
from grader.engine.labels import RUN
from grader.engine.network import make_network
from grader.errors import EngineFault, GraderError

if TYPE_CHECKING:
    from filelock import BaseFileLock

SUFFIX = ".run"
# A build whose client was killed goes on for a while, and its image comes after the first sweep.
LATE = 3600.0  # seconds
DEAD = ".dead"  # the file of a run that was killed and has been swept: only such an image may still come
SWEPT = "swept"  # the file whose age tells when those were looked at last
IN_FLIGHT = 1.0  # seconds for the engine to finish what it was asked for by a client that is gone
AGAIN = 60.0  # seconds between two looks for those


@dataclass(frozen=True, kw_only=True)
class Lease:
    """What one run has: a label for all that it makes, a folder, and a network, made in the background."""

    label: str
    folder: Path
    network: Future[str]  # its id


@contextlib.contextmanager
def open_ledger(engine: Engine) -> Iterator[Lease]:
    """Begin a run; at its end its folder and all that carries its label are removed, in the background.

    What dead runs left is removed first.
    """
    runs = state_folder() / "runs"
    runs.mkdir(parents=True, exist_ok=True)
    sweep(engine, runs)
    label = f"{RUN}{int(time.time()):08x}{secrets.token_hex(8)}"
    file = runs / f"{label}{SUFFIX}"
    lock = _lock(file)
    lock.acquire()
    folder = _folder_of(file)
    folder.mkdir()
    lease = Lease(label=label, folder=folder, network=engine.later(make_network, engine, label))
    try:
        yield lease
    except BaseException as error:
        engine.later(_end, engine, lease, file, lock, broken_off=not isinstance(error, GraderError))
        raise
    engine.later(_end, engine, lease, file, lock)


def sweep_all(engine: Engine) -> None:
    """Remove what dead runs left, also of those that were swept a moment ago."""
    runs = state_folder() / "runs"
    (runs / SWEPT).unlink(missing_ok=True)
    sweep(engine, runs)


def sweep(engine: Engine, runs: Path) -> None:
    """Remove what runs left behind that were killed before they could."""
    from filelock import Timeout

    held: dict[Path, BaseFileLock] = {}
    for file in (*runs.glob(f"{RUN}*{SUFFIX}"), *_dead(runs)):
        lock = _lock(file)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            continue  # its run is alive
        held[file] = lock
    try:
        for file in held:
            _forget(file)
        if held:
            remove_all(engine, {_label(file) for file in held})
    except EngineFault:
        return  # the next run tries again
    finally:
        for lock in held.values():
            lock.release()
    for file in held:
        begun = int(file.name.removeprefix(RUN)[:8], 16)
        with contextlib.suppress(FileNotFoundError):  # another run has swept at the same moment
            if time.time() - begun >= LATE:
                file.unlink()
            elif file.suffix == SUFFIX:
                file.rename(file.with_suffix(DEAD))


def remove_all(engine: Engine, labels: Collection[str]) -> None:
    """Remove every container, network, volume and image that carries one of the labels.

    :raises EngineFault: something of ours is still there; the rest is gone all the same
    """
    from docker.errors import NotFound

    api = engine.client.api
    # The engine looks for one label by itself; for many it is asked once, and we look.
    filters = {"label": next(iter(labels))} if len(labels) == 1 else {}
    faults: list[EngineFault] = []

    def each(found: Callable[..., Any], remove: Callable[..., object], key: str = "Id", **options: bool) -> None:
        """Remove what is found; one that cannot be must not keep the rest."""
        try:
            with engine_faults("listing what a run made"):
                rows = [row for row in found(filters=filters) if set(labels) & set(row.get("Labels") or ())]
            for row in rows:
                with engine_faults("removing what a run made"), contextlib.suppress(NotFound):
                    remove(str(row[key]), **options)
        except EngineFault as fault:
            faults.append(fault)

    # `v`: an image with a VOLUME line would leave an anonymous volume behind.
    each(partial(api.containers, all=True), api.remove_container, force=True, v=True)
    each(api.networks, api.remove_network)
    each(lambda filters: api.volumes(filters=filters)["Volumes"] or (), api.remove_volume, "Name")
    each(partial(api.images, all=True), api.remove_image, force=True)
    if faults:
        raise faults[0]


def _end(engine: Engine, lease: Lease, file: Path, lock: "BaseFileLock", *, broken_off: bool = False) -> None:
    """End a run: not before its network is there, or nobody would remove that.

    Where the run was broken off, or the engine was too busy to say that it made the network, it may still be making
    what it was asked for last: that is looked for twice, and by later runs as well.
    """
    concurrent.futures.wait([lease.network])
    broken_off = broken_off or lease.network.exception() is not None
    _forget(file)
    try:
        remove_all(engine, {_label(file)})
        if broken_off:
            time.sleep(IN_FLIGHT)
            remove_all(engine, {_label(file)})
    except EngineFault:
        return  # the file stays, for the next run to try
    finally:
        lock.release()
    if broken_off:
        file.rename(file.with_suffix(DEAD))
    else:
        file.unlink(missing_ok=True)
    let_go(engine)


def _forget(file: Path) -> None:
    """Remove what a run had on this machine: its folder, and its share of the limits for builds."""
    folder = _folder_of(file)
    cgroup.release(folder)
    shutil.rmtree(folder, ignore_errors=True)


def _dead(runs: Path) -> list[Path]:
    """The runs that were swept before and are not forgotten yet, where it is time to look again."""
    dead, marker = list(runs.glob(f"{RUN}*{DEAD}")), runs / SWEPT
    with contextlib.suppress(OSError):
        if time.time() - marker.stat().st_mtime < AGAIN:
            return []
    if dead:
        marker.touch()
    return dead


def _label(file: Path) -> str:
    return file.with_suffix("").name


def _folder_of(file: Path) -> Path:
    return file.with_suffix("")


def _lock(file: Path) -> "BaseFileLock":
    from filelock import FileLock

    # It is taken by one thread and let go by another.
    return FileLock(file, thread_local=False)
