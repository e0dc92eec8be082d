"""The rows of an explorer's table: runs that ended alike are told once, whichever of their choices differ."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T", bound=Hashable)


@dataclass(frozen=True, kw_only=True)
class Row(Generic[T]):
    """One outcome, and for each choice the options that lead to it: all combinations of them do."""

    options: Mapping[str, tuple[str, ...]]
    outcome: T


def rows(runs: Iterable[tuple[Mapping[str, str], T]]) -> list[Row[T]]:
    """As few rows as joining them two by two gives, in the order of the runs; no run is in two of them."""
    found = [Row(options={name: (value,) for name, value in chosen.items()}, outcome=out) for chosen, out in runs]
    names = list(found[0].options) if found else []
    before = len(found) + 1
    while len(found) < before:
        before = len(found)
        for name in reversed(names):
            found = _join(found, name)
    return found


def _join(found: list[Row[T]], name: str) -> list[Row[T]]:
    """Join the rows that differ in this one choice alone."""
    groups: dict[Hashable, Row[T]] = {}
    for row in found:
        others = tuple(options for other, options in row.options.items() if other != name)
        known = groups.setdefault((row.outcome, others), row)
        if known is not row:
            joined = {**known.options, name: known.options[name] + row.options[name]}
            groups[row.outcome, others] = Row(options=joined, outcome=row.outcome)
    return list(groups.values())
