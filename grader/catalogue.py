"""The known mistakes: read from diagnoses/, checked, found by id; shared by grader, course and command line."""

import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import msgspec

from grader.errors import UsageError
from grader.spec import Spec, nearest, read

CATALOGUE = Path(__file__).with_name("diagnoses")
PAGE = "mistakes"  # of the course; it holds every entry, each under its id
# What evidence.py, observation.py, stages.py, prepare.py, doctor.py and the checks find out, and what
# diagnose.py draws from that.
FACTS = frozenset(
    "kind name check service services file words "  # noqa: SIM905
    # what was handed in
    "missing all place nearest "
    # the build
    "step log timed_out base bases source path encoding apt_lists "
    # the Compose file
    "compose_fault line "
    # the start, and how a container is afterwards
    "reason refused port exposed listening other_port loopback_port logs command entrypoint inherited own_module "
    "exit_code out_of_memory running restarts health health_log service_logs service_exit_code service_out_of_memory "
    "other_logs early_logs found_at script_at shadowed replaced error host near_host "
    # the answers
    "fault status body content_type server location header set_cookie secure_cookie coding truncated late difference "
    "repeated json_fault json_place step_name looked_for large_cookie foreign_cookie lacks "
    # the project and its tables
    "other condition ports swapped network output "
    # an edit, other variables, a command, the log
    "set phase lost reached order stream silent elsewhere "
    # the image, its processes and its end
    "first processes uid secret log_file buffered killed ended_before".split()
)
PLACEHOLDER = re.compile(r"\{([a-z][a-z_]*)\}")
QUOTED = re.compile(r"""'[^']*'|"[^"]*\"""")
NUMBERED = re.compile(r"^\d+-")
CLOSE = 0.6  # how alike two ids are for one to be a slip of the other


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One known mistake. `when` maps names of facts to patterns: all must be found for it to be the cause."""

    id: str
    unit: str  # the slug of the unit that teaches it
    symptom: str  # what the student sees, to the letter
    cause: str
    look: str  # a command
    mend: str
    when: dict[str, str]


class Group(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The mistakes of one file; where two fit, the earlier one is the cause, and earlier files come first."""

    diagnosis: tuple[Entry, ...]


@functools.cache
def groups() -> Mapping[str, tuple[Entry, ...]]:
    """All entries, by the name of their group, in the order in which they are tried.

    :raises SpecError: a file is wrong; names the line
    """
    seen: set[str] = set()
    found = {}
    for name, spec in read_groups(CATALOGUE).items():
        for number, entry in enumerate(spec.value.diagnosis):
            if entry.id in seen:
                raise spec.error(f"$.diagnosis[{number}].id", f"the id {entry.id!r} is used before: each needs its own")
            seen.add(entry.id)
            for field, fault in _faults(entry):
                raise spec.error(f"$.diagnosis[{number}]" + (f".{field}" if field else ""), f"{entry.id!r} {fault}")
        found[name] = spec.value.diagnosis
    return found


def read_groups(folder: Path) -> dict[str, Spec[Group]]:
    """The files of a catalogue in their order, each under its name without the number.

    :raises SpecError: a file is wrong; names the line
    """
    return {NUMBERED.sub("", path.stem): read(path, Group) for path in sorted(folder.glob("*.toml"))}


def catalogue() -> tuple[Entry, ...]:
    """All entries, in the order in which they are tried."""
    return tuple(entry for entries in groups().values() for entry in entries)


def find(name: str) -> tuple[str, Entry]:
    """The group and the entry of an id.

    :raises UsageError: there is none; names the nearest
    """
    known = {entry.id: (group, entry) for group, entries in groups().items() for entry in entries}
    if name in known:
        return known[name]
    guess = nearest(name.lower(), known, cutoff=CLOSE)
    hint = f"did you mean {guess!r}?" if guess else "`python -m grader diagnose --list` names them all"
    raise UsageError(f"no diagnosis {name!r}: {hint}")


def anchor(name: str) -> str:
    """Where the built course explains a diagnosis, from its root."""
    return f"{PAGE}.html#{name}"


def _faults(entry: Entry) -> Iterator[tuple[str, str]]:
    """What would keep an entry from ever being the cause, or from being told; each with the field it is in."""
    if not entry.when:
        yield "", "has no `when`: it would explain everything"
    known = set(FACTS)
    for name, pattern in entry.when.items():
        if name not in FACTS:
            yield f"when.{name}", f"looks at an unknown fact {name!r}{_did_you_mean(name, FACTS)}"
        try:
            known |= set(re.compile(pattern, re.MULTILINE).groupindex)
        except re.error as error:
            yield f"when.{name}", f"has a pattern for {name!r} that cannot be read, {error}: {pattern}"
    for field in ("cause", "look", "mend"):
        for unknown in sorted(set(PLACEHOLDER.findall(getattr(entry, field))) - known):
            yield field, f"uses an unknown placeholder {{{unknown}}}{_did_you_mean(unknown, known)}"
    for quoted in QUOTED.findall(entry.look):
        for inside in PLACEHOLDER.findall(quoted):
            yield "look", f"has {{{inside}}} inside quotes: it brings its own, so leave them out"


def _did_you_mean(word: str, known: Iterable[str]) -> str:
    guess = nearest(word, sorted(known))
    return f", did you mean {guess!r}?" if guess else ""
