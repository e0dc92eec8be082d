"""Cells of a CSV file: none is a formula, none breaks its row, whichever spreadsheet opens it."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

from grader.render.clean import escape, one_line

# A cell that begins so is a formula to one spreadsheet or another; spaces before it hide nothing.
LEADS = "=+-@\t\r\0＝＋－＠"  # noqa: RUF001 - some take the wide signs as well
# A program whose separator is another than ours splits a cell in two: what follows it leads a cell as well.
SPLITS = re.compile(rf"([,;]\s*)(?=[{re.escape(LEADS)}])")
NUMBER = re.compile(r"-|[+-]?\d+(?:[.,]\d+)*%?")


def cell(text: str) -> str:
    """A text from outside as one line that is shown and never computed."""
    return _defused(one_line(text))


def kept(text: str) -> str:
    """A cell of a file that a platform wrote, which it may read again: changed only where it could do harm."""
    return text if NUMBER.fullmatch(text.strip()) else _defused(escape(text))


def table(rows: Iterable[Sequence[str]], *, separator: str = ",", mark: bool = False) -> str:
    """The rows as CSV; `mark` begins it with the sign by which Excel knows UTF-8."""
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=separator).writerows(rows)
    return ("\ufeff" if mark else "") + stream.getvalue()


def _defused(text: str) -> str:
    text = SPLITS.sub(r"\1'", text)
    return f"'{text}" if text.lstrip()[:1] in tuple(LEADS) else text
