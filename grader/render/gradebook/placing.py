"""Finds the row of each student in a platform's own table, and guesses nothing."""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from grader.batch.gradebook import Entry
from grader.intake.handed import Student


def plain(text: str) -> str:
    """An id or an address as it is compared."""
    return text.strip().casefold()


def name(text: str) -> str:
    """A name such that "Lovelace, Ada" and "ada lovelace" are the same."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    letters = "".join(character if character.isalnum() else " " for character in folded)
    return " ".join(sorted(letters.split()))


@dataclass(frozen=True, kw_only=True)
class Key:
    """One way to know a student in a table."""

    columns: Sequence[int]  # whose cells, one after the other, say who the row is
    values: Callable[[Student], Iterable[str]]  # what may stand there
    normal: Callable[[str], str] = plain


def ids(*platforms: str) -> Callable[[Student], Iterable[str]]:
    """The ids by which these know a student."""
    return lambda student: [student.ids[platform] for platform in platforms if platform in student.ids]


@dataclass(frozen=True, kw_only=True)
class Placed:
    """Who stands in which row, and who in none."""

    rows: Mapping[int, Entry]
    without: tuple[Entry, ...]


def place(entries: Sequence[Entry], rows: Sequence[Sequence[str]], keys: Iterable[Key]) -> Placed:
    """Give each row at most one student, by the surest key first.

    A key that two rows share, or two students, places nobody: a grade in a wrong row is worse than none.
    """
    placed: dict[int, Entry] = {}
    for key in keys:
        seated = {entry.student.key for entry in placed.values()}
        waiting = [entry for entry in entries if entry.student.key not in seated]
        candidates = list(_candidates(waiting, rows, key))
        students = Counter(entry.student.key for _, entry in candidates)
        taken = Counter(row for row, _ in candidates)
        for row, entry in candidates:
            if row not in placed and taken[row] == 1 and students[entry.student.key] == 1:
                placed[row] = entry
    seated = {entry.student.key for entry in placed.values()}
    return Placed(rows=placed, without=tuple(entry for entry in entries if entry.student.key not in seated))


def _candidates(entries: Iterable[Entry], rows: Sequence[Sequence[str]], key: Key) -> Iterator[tuple[int, Entry]]:
    """Each row and each student that agree in this key."""
    by_value: dict[str, list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        by_value[key.normal(" ".join(row[column] for column in key.columns))].append(number)
    for entry in entries:
        values = {key.normal(value) for value in key.values(entry.student)} - {""}
        for number in sorted({number for value in values for number in by_value.get(value, [])}):
            yield number, entry
