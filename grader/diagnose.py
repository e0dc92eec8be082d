"""Finds the cause that the evidence proves, in a catalogue that the course draws its "common mistakes" from."""

import functools
import re
import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import msgspec

from grader.report import Diagnosis
from grader.spec import nearest, read

CATALOGUE = Path(__file__).with_name("diagnoses.toml")
# What grader/evidence.py, grader/target.py, grader/stages.py, grader/doctor.py and the checks find out.
FACTS = frozenset(
    "kind name step log words timed_out base bases nearest source path place missing all "  # noqa: SIM905
    "reason refused port listening other_port loopback_port logs command entrypoint inherited exit_code out_of_memory "
    "running own_module check fault status body content_type server location difference repeated killed "
    "ended_before".split()
)
PLACEHOLDER = re.compile(r"\{([a-z][a-z_]*)\}")
QUOTED = re.compile(r"""'[^']*'|"[^"]*\"""")


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One known mistake. `when` maps names of facts to patterns: all must be found for it to be the cause."""

    id: str
    unit: str
    symptom: str  # what the student sees, to the letter
    cause: str
    look: str  # a command
    mend: str
    when: dict[str, str]


class Catalogue(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All known mistakes; where two fit, the earlier one is the cause."""

    diagnosis: tuple[Entry, ...]


@functools.cache
def catalogue() -> tuple[Entry, ...]:
    """The entries of diagnoses.toml.

    :raises SpecError: the file is wrong; names the line
    """
    spec = read(CATALOGUE, Catalogue)
    seen: set[str] = set()
    for number, entry in enumerate(spec.value.diagnosis):
        if entry.id in seen:
            raise spec.error(f"$.diagnosis[{number}].id", f"the id {entry.id!r} is used before: each needs its own")
        seen.add(entry.id)
        for field, fault in _faults(entry):
            raise spec.error(f"$.diagnosis[{number}]" + (f".{field}" if field else ""), f"{entry.id!r} {fault}")
    return spec.value.diagnosis


def diagnose(evidence: Mapping[str, str]) -> Diagnosis | None:
    """The first entry whose every pattern is found in the fact of that name, with the details put in."""
    for entry in catalogue():
        if (details := _details(entry, evidence)) is not None:
            return Diagnosis(
                id=entry.id,
                cause=_fill(entry.cause, details),
                look=_fill(
                    entry.look, details, quote=shlex.quote
                ),  # a student wrote them, and a teacher may paste them
                mend=_fill(entry.mend, details),
                unit=entry.unit,
            )
    return None


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


def _details(entry: Entry, evidence: Mapping[str, str]) -> dict[str, str] | None:
    """The facts and what the patterns' named groups caught, or None where one pattern is not found."""
    details = dict(evidence)
    for name, pattern in entry.when.items():
        found = re.search(pattern, evidence.get(name, ""), re.MULTILINE) if name in evidence else None
        if found is None:
            return None
        details |= {group: text for group, text in found.groupdict().items() if text}
    return details


def _fill(text: str, details: Mapping[str, str], *, quote: Callable[[str], str] = str) -> str:
    # One line each: a fact may hold many, and a student wrote them.
    return PLACEHOLDER.sub(
        lambda found: quote(" ".join(details[found[1]].split())[:200]) if found[1] in details else found[0], text
    )
