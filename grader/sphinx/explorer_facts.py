"""What an explorer is made of: the words that an author wrote, and the runs that `make record` recorded."""

import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec

from grader.errors import SpecError
from grader.spec import CONVERTING, Spec, read

FOLDER = Path("docs", "explorers")
RECORD = "`make record` writes it anew"


class Option(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that may be chosen; `cell` is what the table says for it, where that is shorter."""

    id: str
    says: str
    cell: str = ""


class Choice(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One question that the reader decides; `head` stands above its column of the table."""

    id: str
    asks: str
    head: str
    option: tuple[Option, ...]


class Words(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an author wrote: the title, what to do, the choices, and what the numbers are worth."""

    title: str
    lead: str
    note: str
    choice: tuple[Choice, ...]


class Run(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One recorded run: what was chosen, as ids, and in the structs below what happened."""

    choose: dict[str, str]


class BuildStep(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One instruction of a build."""

    line: str
    again: bool
    seconds: float


class BuildRun(Run, frozen=True, kw_only=True):
    """A build after one change."""

    steps: tuple[BuildStep, ...]


class RequestRun(Run, frozen=True, kw_only=True):
    """One request: how curl ended, and what it printed on either stream."""

    exit_code: int
    printed: str


class SignalRun(Run, frozen=True, kw_only=True):
    """A container that was sent a signal, and killed after ten seconds where that did not end it."""

    first: str  # the program that is process 1
    catches: bool  # whether that had a handler of its own for the signal
    second: str  # the program that process 1 started, empty where it is the server itself
    seconds: float
    exit_code: int


class Event(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something that a log or the engine told, in seconds after the first container's start."""

    at: float
    what: str


class StartRun(Run, frozen=True, kw_only=True):
    """A project that was started, until the app met its database or was given up."""

    events: tuple[Event, ...]


R = TypeVar("R", bound=Run)


class Record(msgspec.Struct, Generic[R], frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All runs of an explorer; the day and the engine's release are told to the reader."""

    day: str
    engine: str
    runs: tuple[R, ...]


KINDS: Mapping[str, Any] = {
    "layer-cache": Record[BuildRun],
    "port-mapping": Record[RequestRun],
    "pid-1": Record[SignalRun],
    "start-order": Record[StartRun],
}


def files(root: Path, name: str) -> tuple[Path, Path]:
    """The two files of an explorer: the words, and the record."""
    return root / FOLDER / f"{name}.toml", root / FOLDER / f"{name}.json"


def load(root: Path, name: str) -> tuple[Words, Record[Any]]:
    """Read both files of an explorer and hold them against each other.

    :raises SpecError: one of them is wrong, or they do not fit
    """
    authored, recorded = files(root, name)
    spec = read(authored, Words)
    for place, fault in _faults(spec.value):
        raise spec.error(place, fault)
    try:
        with CONVERTING:
            record: Record[Any] = msgspec.json.decode(recorded.read_bytes(), type=KINDS[name])
    except OSError as error:
        raise SpecError(f"{recorded}: cannot be read: {error.strerror}; {RECORD}") from error
    except msgspec.DecodeError as error:
        raise SpecError(f"{recorded}: {error}; {RECORD}") from error
    _hold_against(spec, record, recorded)
    return spec.value, record


def _faults(words: Words) -> Iterable[tuple[str, str]]:
    if not words.choice:
        yield "$", "an explorer needs a choice"
    for number, choice in enumerate(words.choice):
        ids = [option.id for option in choice.option]
        if len(ids) < 2 or len(set(ids)) < len(ids):
            yield f"$.choice[{number}]", f"{choice.id!r} needs two options at least, each with an id of its own"


def _hold_against(spec: Spec[Words], record: Record[Any], file: Path) -> None:
    """Each run chooses one known option of each choice, and no two runs choose the same."""
    known = {choice.id: {option.id for option in choice.option} for choice in spec.value.choice}
    seen = set()
    for run in record.runs:
        told = ", ".join(f"{name}={value}" for name, value in run.choose.items())
        if set(run.choose) != set(known) or any(value not in known[name] for name, value in run.choose.items()):
            raise SpecError(f"{file}: the run {told} does not fit the choices of {spec.path.name}; {RECORD}")
        if (chosen := tuple(run.choose[name] for name in known)) in seen:
            raise SpecError(f"{file}: the run {told} is there twice; {RECORD}")
        seen.add(chosen)
    if len(seen) < (wanted := math.prod(len(options) for options in known.values())):
        raise SpecError(f"{file}: {len(seen)} runs are recorded, and {wanted} can be chosen; {RECORD}")
