"""Makes sure that the course's base images are on the engine: already there, else pulled, else built."""

import contextlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import msgspec

from grader.engine import Engine, bases, image
from grader.engine.command import state_folder
from grader.errors import BaseImageFault
from grader.spec import read

FOLDER = Path(__file__).resolve().parent.parent / "images"
TAGGED = r"^[a-z0-9./-]+:[\w.-]+$"  # without a tag a pull would bring every image of that name


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
    second_suite: str = ""  # the release that has what the first lacks
    when_needed: bool = False  # fetched when an exercise names it, not before
    memory: int = 0  # megabytes that a container of it needs; 0 where nothing is known

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


def _hyphens(field: str) -> str:
    """The key of a field, as TOML's habit is."""
    return field.replace("_", "-")


class _Row(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename=_hyphens):
    """One table of versions.toml, [images.<name>]."""

    reference: Annotated[str, msgspec.Meta(pattern=TAGGED)]
    stand_in: str
    suite: str
    second_suite: str = ""
    when_needed: bool = False
    memory: Annotated[int, msgspec.Meta(ge=0)] = 0


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
        base = Base(
            reference=row.reference,
            folder=folder / row.stand_in,
            suite=row.suite,
            second_suite=row.second_suite,
            when_needed=row.when_needed,
            memory=row.memory,
        )
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
        if found := self._found(reference):
            return found
        # Gradings that run side by side all miss it at the same moment: one brings it, the others wait for that.
        with _alone(reference):
            return self._found(reference) or self._fetch(reference)

    def _found(self, reference: str) -> Provision | None:
        if image.inspect(self.engine, reference) is None:
            return None
        stand_in = bool(image.stand_ins(self.engine, [reference]))
        return Provision(reference=reference, way=Way.LOCAL, stand_in=stand_in)

    def _fetch(self, reference: str) -> Provision:
        refusal = self._pull(reference)
        if not refusal:
            return Provision(reference=reference, way=Way.PULLED, stand_in=False)
        base = self.known.get(reference)
        if base is None:
            raise self._fault(f"{reference} is not here, cannot be pulled ({refusal}), and has no stand-in")
        for lower in base.stands_on:
            self.provide(lower)
        from grader.standin import build

        try:
            build(self.engine, base, self.progress)
        except BaseImageFault as fault:
            raise self._fault(f"{fault}; it could not be pulled either: {refusal}") from fault
        return Provision(reference=reference, way=Way.BUILT, stand_in=True, reason=refusal)

    def _fault(self, words: str) -> BaseImageFault:
        """A registry that did not answer may do so the next time; one that has no such image will not."""
        return bases.RegistryFault(words) if self.silence else BaseImageFault(words)

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


@contextlib.contextmanager
def _alone(reference: str) -> Iterator[None]:
    """Let nobody else on this machine fetch the same image meanwhile."""
    from filelock import FileLock

    folder = state_folder() / "images"
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / f"{re.sub('[^a-z0-9.]', '-', reference)}.lock", thread_local=False):
        yield
