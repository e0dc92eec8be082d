"""Marks what one run makes on the engine, so that it is removed: by the run, or by the next one if it was killed.

The mark is a label with a random key. A fixed key could be set by a student's Dockerfile, and a sweep by that key
would then remove what is not ours. The key is written to a file before anything is made; the file stays locked for as
long as the run lives.
"""

import contextlib
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from grader.engine.connection import Engine
from grader.engine.labels import RUN
from grader.errors import EngineFault

if TYPE_CHECKING:
    from filelock import BaseFileLock

SUFFIX = ".run"


@contextlib.contextmanager
def open_ledger(engine: Engine) -> Iterator[str]:
    """Yield the label of a new run; all that carries it is removed at the end, and what dead runs left as well."""
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    sweep(engine, folder)
    label = RUN + secrets.token_hex(8)
    file = folder / f"{label}{SUFFIX}"
    lock = _lock(file)
    lock.acquire()
    try:
        yield label
    finally:
        remove_all(engine, label)
        lock.release()
        file.unlink(missing_ok=True)


def sweep(engine: Engine, folder: Path) -> None:
    """Remove what runs left behind that were killed before they could."""
    from filelock import Timeout

    for file in folder.glob(f"{RUN}*{SUFFIX}"):
        lock = _lock(file)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            continue  # its run is alive
        try:
            remove_all(engine, file.name.removesuffix(SUFFIX))
        finally:
            lock.release()
        file.unlink(missing_ok=True)


def remove_all(engine: Engine, label: str) -> None:
    """Remove every container, network, volume and image that carries the label.

    :raises EngineFault: something of ours is still there
    """
    from docker.errors import APIError, NotFound

    api, filters = engine.client.api, {"label": label}
    left: list[tuple[Callable[..., object], str, dict[str, bool]]] = []
    for container in api.containers(all=True, filters=filters):
        # `v`: an image with a VOLUME line would leave an anonymous volume behind.
        left.append((api.remove_container, container["Id"], {"force": True, "v": True}))
    left += [(api.remove_network, network["Id"], {}) for network in api.networks(filters=filters)]
    left += [(api.remove_volume, volume["Name"], {}) for volume in api.volumes(filters=filters)["Volumes"] or ()]
    left += [(api.remove_image, image["Id"], {"force": True}) for image in api.images(filters=filters, all=True)]
    for remove, name, options in left:
        try:
            remove(name, **options)
        except NotFound:
            continue
        except APIError as error:
            raise EngineFault(f"{name[:19]} could not be removed: {error.explanation}") from error


def _lock(file: Path) -> "BaseFileLock":
    from filelock import FileLock

    return FileLock(file)


def _folder() -> Path:
    from platformdirs import user_state_path

    return user_state_path("shipshape") / "runs"
