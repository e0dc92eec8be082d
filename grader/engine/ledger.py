"""Marks what one run makes on the engine, so that it is removed: by the run, or by the next one if it was killed.

The mark is a label with a random key. A fixed key could be set by a student's Dockerfile, and a sweep by that key
would then remove what is not ours. The key is written to a file before anything is made; the file stays locked for as
long as the run lives.
"""

import concurrent.futures
import contextlib
import secrets
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from grader.engine.connection import Engine
from grader.engine.faults import engine_faults
from grader.engine.labels import RUN
from grader.engine.network import make_network
from grader.errors import EngineFault

if TYPE_CHECKING:
    from filelock import BaseFileLock

SUFFIX = ".run"


@dataclass(frozen=True, kw_only=True)
class Lease:
    """What one run has on the engine: a label for all that it makes, and a network, made in the background."""

    label: str
    network: Future[str]  # its id


@contextlib.contextmanager
def open_ledger(engine: Engine) -> Iterator[Lease]:
    """Begin a run; at its end all that carries its label is removed, in the background.

    What dead runs left is removed first.
    """
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    sweep(engine, folder)
    label = RUN + secrets.token_hex(8)
    file = folder / f"{label}{SUFFIX}"
    lock = _lock(file)
    lock.acquire()
    network = engine.later(make_network, engine, label)
    try:
        yield Lease(label=label, network=network)
    finally:
        engine.later(_end, engine, Lease(label=label, network=network), file, lock)


def sweep(engine: Engine, folder: Path) -> None:
    """Remove what runs left behind that were killed before they could."""
    from filelock import Timeout

    for file in folder.glob(f"{RUN}*{SUFFIX}"):
        lock = _lock(file)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            continue  # its run is alive
        _close(engine, file.name.removesuffix(SUFFIX), file, lock)


def remove_all(engine: Engine, label: str) -> None:
    """Remove every container, network, volume and image that carries the label.

    :raises EngineFault: something of ours is still there
    """
    from docker.errors import NotFound

    api, filters = engine.client.api, {"label": label}
    left: list[tuple[Callable[..., object], str, dict[str, bool]]] = []
    with engine_faults("removing what a run made"):
        for container in api.containers(all=True, filters=filters):
            # `v`: an image with a VOLUME line would leave an anonymous volume behind.
            left.append((api.remove_container, container["Id"], {"force": True, "v": True}))
        left += [(api.remove_network, network["Id"], {}) for network in api.networks(filters=filters)]
        left += [(api.remove_volume, volume["Name"], {}) for volume in api.volumes(filters=filters)["Volumes"] or ()]
        left += [(api.remove_image, image["Id"], {"force": True}) for image in api.images(filters=filters, all=True)]
        for remove, name, options in left:
            with contextlib.suppress(NotFound):
                remove(name, **options)


def _end(engine: Engine, lease: Lease, file: Path, lock: "BaseFileLock") -> None:
    """End a run: not before its network is there, or nobody would remove that."""
    concurrent.futures.wait([lease.network])
    _close(engine, lease.label, file, lock)


def _close(engine: Engine, label: str, file: Path, lock: "BaseFileLock") -> None:
    """Remove what carries the label; where that fails, the file stays, and the next run tries again."""
    try:
        remove_all(engine, label)
        file.unlink(missing_ok=True)
    except EngineFault:
        return
    finally:
        lock.release()


def _lock(file: Path) -> "BaseFileLock":
    from filelock import FileLock

    # It is taken by one thread and let go by another.
    return FileLock(file, thread_local=False)


def _folder() -> Path:
    from platformdirs import user_state_path

    return user_state_path("shipshape") / "runs"
