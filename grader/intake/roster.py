"""Reads a roster: a CSV that lists the class; what cannot be meant is refused with its line."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.errors import UsageError
from grader.intake import keys
from grader.intake.handed import Student
from grader.intake.names import folded
from grader.render.clean import one_line

SIZE_LIMIT = 10_000_000  # bytes: a hundred thousand students
DELIMITERS = ",;\t"
NEEDED = ("id", "name")
EXPECTED = "a CSV whose first line is id,name,email"


@dataclass(frozen=True, kw_only=True)
class Roster:
    """The class as its list has it, in the order of the list.

    A student's ids are their id, as "roster", and every further column by its name in lower case.
    """

    path: Path
    students: tuple[Student, ...]


def read(path: Path) -> Roster:
    """Read a roster with the columns id and name, and email and others where they are known.

    :raises UsageError: it cannot be read, or lists nobody, or one of them twice; names file and line
    """
    reader = _Reader(path)
    rows = list(reader.rows())
    if not rows:
        raise reader.error(1, f"lists nobody: expected {EXPECTED}, and a line for each student")
    seen: dict[str, int] = {}
    for line, row in rows:
        if not row["id"]:
            raise reader.error(line, "the id is empty: every student needs one")
        # Two that differ in case alone would share their files on many systems.
        if first := seen.get(folded(row["id"])):
            raise reader.error(line, f"the id {one_line(row['id'])!r} stands in line {first} already: keep one")
        seen[folded(row["id"])] = line
    made = keys.unique([row["id"] for _, row in rows])
    return Roster(path=path, students=tuple(_student(row, key) for (_, row), key in zip(rows, made, strict=True)))


def _student(row: Mapping[str, str], key: str) -> Student:
    further = {column: value for column, value in row.items() if value and column not in ("id", "name", "email")}
    return Student(
        key=key, name=row["name"] or row["id"], email=row.get("email", ""), ids={**further, "roster": row["id"]}
    )


class _Reader:
    """The rows of one file by the names of their columns, each with its line."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def error(self, line: int, fault: str) -> UsageError:
        return UsageError(f"{self._path}:{line}: {fault}")

    def rows(self) -> Iterator[tuple[int, dict[str, str]]]:
        text = self._text()
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
        columns: list[str] = []
        line = 1
        try:
            for row in lines:
                values = [value.strip() for value in row]
                if columns and any(values):
                    yield line, self._by_column(columns, values, line)
                elif any(values):
                    columns = self._columns(values, line)
                # A value may have lines of its own.
                line = lines.line_num + 1
        except csv.Error as error:
            raise self.error(lines.line_num, f"not CSV: {error}") from error

    def _text(self) -> str:
        try:
            with self._path.open("rb") as file:
                content = file.read(SIZE_LIMIT + 1)
        except OSError as error:
            raise UsageError(f"{self._path} cannot be read: {error.strerror}; expected {EXPECTED}") from error
        if len(content) > SIZE_LIMIT:
            raise UsageError(f"{self._path} is larger than {SIZE_LIMIT // 1_000_000} MB: expected {EXPECTED}")
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            raise self.error(line, "not UTF-8: save it as CSV in UTF-8") from error

    def _columns(self, values: Sequence[str], line: int) -> list[str]:
        columns = [value.casefold() for value in values]
        for name in NEEDED:
            if name not in columns:
                raise self.error(line, f"no column {name!r}: expected {EXPECTED}")
        if twice := next((name for name in columns if name and columns.count(name) > 1), ""):
            raise self.error(line, f"the column {one_line(twice)!r} is there twice: keep one")
        return columns

    def _by_column(self, columns: Sequence[str], values: Sequence[str], line: int) -> dict[str, str]:
        """A row's values; spreadsheets end lines with empty ones, or leave those out."""
        if any(values[len(columns) :]):
            fault = f"{len(values)} values for {len(columns)} columns: put a value with a comma between quotes"
            raise self.error(line, fault)
        row = {**dict.fromkeys(columns, ""), **dict(zip(columns, values, strict=False))}
        row.pop("", None)
        return row


def _delimiter(text: str) -> str:
    """What stands most often in the first line: a comma, or what spreadsheets write where a comma is in numbers."""
    first = text.lstrip().partition("\n")[0]
    return max(DELIMITERS, key=first.count)
