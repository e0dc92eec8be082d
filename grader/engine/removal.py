"""Removes what carries a label of ours from the engine."""

import contextlib
from collections.abc import Callable, Collection
from functools import partial
from typing import TYPE_CHECKING, Any

from grader.engine.faults import engine_faults
from grader.errors import EngineFault

if TYPE_CHECKING:
    from grader.engine.connection import Engine


def remove_all(engine: "Engine", labels: Collection[str]) -> None:
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
