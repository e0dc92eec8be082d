"""Makes sure that the course's base images are on the engine: already there, else pulled, else built."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import msgspec

from grader.engine import Engine, bases, image
from grader.errors import BaseImageFault
from grader.spec import read

FOLDER = Path(__file__).resolve().parent.parent / "images"


class Way(StrEnum):
    """How a base image came to be on the engine."""

    LOCAL = "already here"
    PULLED = "pulled"
    BUILT = "built here as a stand-in"


@dataclass(frozen=True, kw_only=True)
class Base:
    """A row of images/versions.toml."""

    reference: str
    folder: Path
    suite: str

    @property
    def stands_on(self) -> tuple[str, ...]:
        """The images that its stand-in is built from."""
        dockerfile = (self.folder / "Dockerfile").read_text(encoding="utf-8")
        return tuple(name for name in re.findall(r"^FROM\s+(\S+)", dockerfile, re.MULTILINE) if name != "scratch")


@dataclass(frozen=True, kw_only=True)
class Provision:
    """What `ensure` did for one image."""

    reference: str
    way: Way
    stand_in: bool
    reason: str = ""  # why it was not pulled


class _Row(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"stand_in": "stand-in"}):
    """One table of versions.toml, [images.<name>]."""

    reference: str
    stand_in: str
    suite: str


class _Versions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What versions.toml holds."""

    images: dict[str, _Row]


def catalogue(folder: Path = FOLDER) -> dict[str, Base]:
    """Every base image of the course, by its reference.

    :raises SpecError: versions.toml does not hold what it should
    """
    spec = read(folder / "versions.toml", _Versions)
    found: dict[str, Base] = {}
    for name, row in spec.value.images.items():
        base = Base(reference=row.reference, folder=folder / row.stand_in, suite=row.suite)
        if not (base.folder / "Dockerfile").is_file():
            raise spec.error(
                f"$.images.{name}.stand-in", f"no {base.folder / 'Dockerfile'} to build {row.reference} from"
            )
        if row.reference in found:
            raise spec.error(f"$.images.{name}.reference", f"{row.reference} is named before: one table for each image")
        found[row.reference] = base
    return found


def ensure(references: Iterable[str], engine: Engine, progress: Callable[[str], None]) -> list[Provision]:
    """Put each of the images on the engine, and say how.

    :raises BaseImageFault: one is neither here nor to be had
    """
    supply = _Supply(engine=engine, progress=progress, known=catalogue())
    return [supply.provide(reference) for reference in references]


@dataclass(kw_only=True)
class _Supply:
    """One run's supply of images; it remembers that no registry answered, so that none is asked twice."""

    engine: Engine
    progress: Callable[[str], None]
    known: dict[str, Base]
    silence: str = ""  # what the registry's silence looked like

    def provide(self, reference: str) -> Provision:
        if image.inspect(self.engine, reference) is not None:
            stand_in = bool(image.stand_ins(self.engine, [reference]))
            return Provision(reference=reference, way=Way.LOCAL, stand_in=stand_in)
        refusal = self._pull(reference)
        if not refusal:
            return Provision(reference=reference, way=Way.PULLED, stand_in=False)
        base = self.known.get(reference)
        if base is None:
            raise BaseImageFault(f"{reference} is not here, cannot be pulled ({refusal}), and has no stand-in")
        for lower in base.stands_on:
            self.provide(lower)
        from grader.standin import build

        try:
            build(self.engine, reference, base.folder, base.suite, self.progress, bare=not base.stands_on)
        except BaseImageFault as fault:
            raise BaseImageFault(f"{fault}; it could not be pulled either: {refusal}") from fault
        return Provision(reference=reference, way=Way.BUILT, stand_in=True, reason=refusal)

    def _pull(self, reference: str) -> str:
        """Pull the image; the reason when that cannot be done."""
        if self.silence:
            return self.silence
        self.progress(f"Pulling {reference}")
        try:
            bases.pull(self.engine, reference)
        except bases.RegistryFault as fault:
            self.silence = str(fault)
            return self.silence
        except BaseImageFault as fault:
            return str(fault)
        return ""
