"""A CSV file that an instructor downloaded from a platform, read to be filled in and handed back to it."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.errors import UsageError
from grader.render.gradebook.cells import table

LIMIT = 20_000_000  # bytes: ten thousand students and all that they wrote online
SEPARATORS = (",", ";", "\t")
MARK = "\ufeff"


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """Its header and its rows, each as long as the header, and how they were written."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    separator: str
    marked: bool  # begins with the sign by which Excel knows UTF-8

    def column(self, *names: str) -> int:
        """The place of the first column of one of these names, which differ by platform and version.

        :raises UsageError: there is none; names those that there are
        """
        place = self.find(*names)
        if place is None:
            columns = ", ".join(self.header)
            raise UsageError(
                f"{self.name} has no column {names[0]!r}, only {columns}: download it in English, and again"
            )
        return place

    def find(self, *names: str) -> int | None:
        return next((self.header.index(name) for name in names if name in self.header), None)

    def text(self, rows: Sequence[Sequence[str]]) -> str:
        """Rows in place of these, written as these were."""
        return table(rows, separator=self.separator, mark=self.marked)


def read(path: Path, *, needs: Mapping[str, str]) -> Sheet:
    """Read the file.

    :param needs: a column that it must have, and what the file is: "the gradebook that Canvas exports"
    :raises UsageError: it cannot be read, or is another file
    """
    ((column, what),) = needs.items()
    try:
        with path.open("rb") as file:
            content = file.read(LIMIT + 1)
        text = content.decode("utf-8")
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}; name {what}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8: download {what} again, and do not save it in a spreadsheet") from error
    if len(content) > LIMIT:
        raise UsageError(f"{path} is larger than {LIMIT // 1_000_000} MB: name {what}")
    for separator in SEPARATORS:
        rows = _rows(text.removeprefix(MARK), separator)
        if rows and column in rows[0]:
            return _sheet(path, rows, separator, text.startswith(MARK))
    raise UsageError(f"{path} has no column {column!r}: name {what}, downloaded in English")


def _rows(text: str, separator: str) -> list[list[str]]:
    """The rows that are not empty, or none where the text is no such table."""
    try:
        return [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True) if row]
    except csv.Error:
        return []


def _sheet(path: Path, rows: list[list[str]], separator: str, marked: bool) -> Sheet:
    header, *others = rows
    for number, row in enumerate(others, 2):
        if len(row) > len(header):
            raise UsageError(f"{path}: row {number} has more cells than the header: download it again")
    filled = (tuple(row + [""] * (len(header) - len(row))) for row in others)
    return Sheet(name=str(path), header=tuple(header), rows=tuple(filled), separator=separator, marked=marked)
