"""Finds the cause that the evidence proves, in a catalogue that the course draws its "common mistakes" from."""

import functools
import re
from collections.abc import Mapping
from pathlib import Path

import msgspec

from grader.report import Diagnosis
from grader.spec import read

CATALOGUE = Path(__file__).with_name("diagnoses.toml")
PLACEHOLDER = re.compile(r"\{([a-z][a-z_]*)\}")


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
        if not entry.when:
            raise spec.error(f"$.diagnosis[{number}]", f"{entry.id!r} has no `when`: it would explain everything")
        seen.add(entry.id)
    return spec.value.diagnosis


def diagnose(evidence: Mapping[str, str]) -> Diagnosis | None:
    """The first entry whose every pattern is found in the fact of that name, with the details put in."""
    for entry in catalogue():
        if (details := _details(entry, evidence)) is not None:
            return Diagnosis(
                id=entry.id,
                cause=_fill(entry.cause, details),
                look=_fill(entry.look, details),
                mend=_fill(entry.mend, details),
                unit=entry.unit,
            )
    return None


def _details(entry: Entry, evidence: Mapping[str, str]) -> dict[str, str] | None:
    """The facts and what the patterns' named groups caught, or None where one pattern is not found."""
    details = dict(evidence)
    for name, pattern in entry.when.items():
        found = re.search(pattern, evidence.get(name, ""), re.MULTILINE) if name in evidence else None
        if found is None:
            return None
        details |= {group: text for group, text in found.groupdict().items() if text}
    return details


def _fill(text: str, details: Mapping[str, str]) -> str:
    # One line each: a fact may hold many, and a student wrote them.
    return PLACEHOLDER.sub(lambda found: " ".join(details.get(found[1], found[0]).split())[:200], text)
