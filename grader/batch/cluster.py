"""Hands a class to a Dask cluster, whose workers each grade on an engine of their own.

A worker declares how many gradings it takes at a time: `dask worker ADDRESS --resources grading=2`, in an environment
that has this package.
"""

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from grader.batch.crew import Crew
from grader.batch.job import perform_packed
from grader.errors import EngineFault, UsageError

if TYPE_CHECKING:
    from distributed import Client

RESOURCE = "grading"
TIMEOUT = 10  # seconds for the scheduler to answer
AHEAD = 2  # gradings given out for each that is under way, so that no worker waits for the next


@contextlib.contextmanager
def cluster(address: str) -> Iterator[Crew]:
    """The workers of the cluster whose scheduler is at `address`, such as "tcp://192.0.2.1:8786".

    :raises UsageError: the packages for it are not installed
    :raises EngineFault: no scheduler answers there
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise UsageError("--cluster needs the package distributed: python -m pip install distributed") from error
    try:
        client = Client(address, timeout=TIMEOUT, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise EngineFault(f"no Dask scheduler answers at {address}: start one with `dask scheduler`") from error
    with contextlib.closing(client):
        executor = client.get_executor(pure=False, resources={RESOURCE: 1})  # type: ignore[no-untyped-call]
        try:
            yield Crew(
                executor=executor,
                work=perform_packed,
                size=lambda: AHEAD * _slots(client),
                absent=lambda: _absent(client),
                abandon=lambda: None,
            )
        finally:
            executor.shutdown(wait=False)


def _slots(client: "Client") -> int:
    """How many gradings the workers take at a time, all together."""
    try:
        workers = client.scheduler_info()["workers"].values()
    except (OSError, KeyError):  # it is away for a moment
        return 0
    return sum(int(worker.get("resources", {}).get(RESOURCE, 0)) for worker in workers)


def _absent(client: "Client") -> str:
    """Who is missing, in words; nothing where there is somebody to grade."""
    if client.status != "running":
        return "the cluster's scheduler does not answer"
    return "" if _slots(client) else f"no worker of the cluster declares the resource {RESOURCE!r}"
