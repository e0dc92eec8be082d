"""What the engine records of an image."""

from collections.abc import Callable, Sequence
from typing import Any

from grader.engine.connection import Engine
from grader.engine.faults import engine_faults
from grader.engine.labels import STAND_IN
from grader.errors import PassingFault
from grader.facts import ImageFacts

HISTORY_LIMIT = 4_000  # characters of one instruction


def inspect(engine: Engine, reference: str) -> dict[str, Any] | None:
    """The engine's record of an image, or None where it has none of that name."""
    from docker.errors import NotFound

    with engine_faults(f"looking at the image {reference}"):
        try:
            return dict(engine.client.api.inspect_image(reference))  # type: ignore[no-untyped-call]
        except NotFound:
            return None


def facts_of(engine: Engine, image: str, bases: Sequence[str]) -> ImageFacts:
    """What the checks may know of an image; `bases` are those it may have been built from.

    :raises EngineFault: it is gone, or the engine is
    """
    record = _required(engine, image)
    config = record.get("Config") or {}
    base = _base(engine, record, bases)
    own = base[1] if base else {}
    return ImageFacts(
        id=image,
        entrypoint=tuple(config.get("Entrypoint") or ()),
        command=tuple(config.get("Cmd") or ()),
        base_command=tuple((own.get("Config") or {}).get("Cmd") or ()),
        base=base[0] if base else "",
        user=str(config.get("User") or ""),
        ports=tuple(sorted(config.get("ExposedPorts") or ())),
        size=int(record.get("Size") or 0),
        base_size=int(own.get("Size") or 0),
        environment=tuple(config.get("Env") or ()),
        base_environment=tuple((own.get("Config") or {}).get("Env") or ()),
        history=_history(engine, image, base[0] if base else ""),
        healthcheck=tuple((config.get("Healthcheck") or {}).get("Test") or ()),
        workdir=str(config.get("WorkingDir") or ""),
        volumes=tuple(sorted(config.get("Volumes") or ())),
    )


def base_of(engine: Engine, image: str, bases: Sequence[str]) -> str:
    """The base image that an image stands on, or is; empty where it is none of them.

    :raises EngineFault: the image is gone, or the engine is
    """
    base = _base(engine, _required(engine, image), bases)
    return base[0] if base else ""


def stand_ins(engine: Engine, references: Sequence[str]) -> tuple[str, ...]:
    """Those of the base images that were built here from Debian's packages."""
    records = {reference: inspect(engine, reference) for reference in references}
    return tuple(
        reference
        for reference, record in records.items()
        if record and STAND_IN in (record["Config"].get("Labels") or {})
    )


def _required(engine: Engine, image: str) -> dict[str, Any]:
    record = inspect(engine, image)
    if record is None:
        raise PassingFault("the image is gone: it was removed while it was being graded")
    return record


def _base(engine: Engine, record: dict[str, Any], bases: Sequence[str]) -> tuple[str, dict[str, Any]] | None:
    """The base image that these layers stand on, with its record: the one with most layers in common."""
    layers = _layers(record)
    found = [(base, own) for base in bases if (own := inspect(engine, base)) and _layers(own)]
    standing = [(base, own) for base, own in found if layers[: len(_layers(own))] == _layers(own)]
    return max(standing, key=lambda each: len(_layers(each[1])), default=None)


def _layers(record: dict[str, Any]) -> list[str]:
    return list(record.get("RootFS", {}).get("Layers") or ())


def _history(engine: Engine, image: str, base: str) -> tuple[str, ...]:
    """The instructions that made an image, the newest first, without those of its base image."""
    with engine_faults("reading the image's history"):
        history: Callable[[str], list[dict[str, Any]]] = engine.client.api.history
        rows = history(image)
        below = len(history(base)) if base else 0
        return tuple(str(row.get("CreatedBy") or "")[:HISTORY_LIMIT] for row in rows[: len(rows) - below])
