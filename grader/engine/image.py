"""What the engine records of an image."""

from collections.abc import Sequence
from typing import Any

from grader.engine.connection import Engine
from grader.engine.faults import engine_faults
from grader.engine.labels import STAND_IN
from grader.errors import EngineFault
from grader.facts import ImageFacts


def inspect(engine: Engine, reference: str) -> dict[str, Any] | None:
    """The engine's record of an image, or None where it has none of that name."""
    from docker.errors import NotFound

    with engine_faults(f"looking at the image {reference}"):
        try:
            return dict(engine.client.api.inspect_image(reference))  # type: ignore[no-untyped-call]
        except NotFound:
            return None


def facts_of(engine: Engine, image: str, bases: Sequence[str]) -> ImageFacts:
    """What the checks may know of a built image; `bases` are those it may have been built from."""
    record = inspect(engine, image)
    if record is None:
        raise EngineFault("the image is gone: it was removed while it was being graded")
    config, layers = record.get("Config") or {}, record.get("RootFS", {}).get("Layers") or []
    return ImageFacts(
        entrypoint=tuple(config.get("Entrypoint") or ()),
        command=tuple(config.get("Cmd") or ()),
        base_command=_base_command(engine, layers, bases),
        user=str(config.get("User") or ""),
        ports=tuple(sorted(config.get("ExposedPorts") or ())),
        size=int(record.get("Size") or 0),
    )


def stand_ins(engine: Engine, references: Sequence[str]) -> tuple[str, ...]:
    """Those of the base images that were built here from Debian's packages."""
    records = {reference: inspect(engine, reference) for reference in references}
    return tuple(
        reference
        for reference, record in records.items()
        if record and STAND_IN in (record["Config"].get("Labels") or {})
    )


def _base_command(engine: Engine, layers: list[str], bases: Sequence[str]) -> tuple[str, ...]:
    """The command of the base image that these layers stand on: the one with most layers in common."""
    best, command = 0, ()
    for base in bases:
        record = inspect(engine, base) or {}
        own = record.get("RootFS", {}).get("Layers") or []
        if len(own) > best and layers[: len(own)] == own:
            best, command = len(own), tuple(record["Config"].get("Cmd") or ())
    return command
