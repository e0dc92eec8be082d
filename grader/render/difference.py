"""Shows where an answer leaves what was expected, with the characters made visible that nobody sees."""

from dataclasses import dataclass

from rich.cells import cell_len

from grader.difference import difference
from grader.render.clean import escape, left_out

LINES = 7  # of each side
BEFORE = 2  # equal lines shown above the first that differs
WORDS = {
    "newline missing": "the newline at the end is missing",
    "newline too many": "there is a newline too many at the end",
    "carriage return": "the lines end in \\r\\n, as on Windows, where \\n was expected",
}
FOLDS = 3  # screen lines that one line may take where nothing is marked below it


@dataclass(frozen=True, kw_only=True)
class Difference:
    """Both sides as lines to show; the caret belongs below line `marked` of `got`, in cell `column`."""

    expected: tuple[str, ...]
    got: tuple[str, ...]
    marked: int | None = None
    column: int = 0
    words: str = ""


def compare(expected: str, got: str, width: int) -> Difference:
    """What to show of two texts in lines of `width` cells."""
    row, column = _place(expected, _common(expected, got))
    wanted, came = _line(expected, row), _line(got, row)
    words = _words(expected, got)
    if not words and not _similar(wanted, came, column):
        view = _View(row=row, start=0, width=width * FOLDS, parts_at_end=False)
        words = f"line {row + 1} is the first that differs" if view.first else ""
        return Difference(expected=view.side(expected), got=view.side(got), words=words)
    longest = max(len(wanted), len(came)) + 1  # and a newline
    start = 0 if longest <= width else max(0, min(column - width // 2, longest - width + 1))
    view = _View(row=row, start=start, width=width, parts_at_end=column >= min(len(wanted), len(came)))
    return Difference(
        expected=view.side(expected),
        got=view.side(got),
        marked=view.above if row < len(_lines(got)) else None,
        column=min(cell_len(_visible(came[start:column])) + bool(start), width - 1),
        words=words or (f"the first difference, in line {row + 1}" if view.first else "the first difference"),
    )


@dataclass(frozen=True, kw_only=True)
class _View:
    """Which part of two texts is shown: the lines around `row`, and that line from character `start` on."""

    row: int
    start: int
    width: int
    parts_at_end: bool  # one of the two has a newline where they part: it is shown

    @property
    def first(self) -> int:
        """The first line shown; no line is left out where saying so would take as much room."""
        return self.row - BEFORE if self.row > BEFORE + 1 else 0

    @property
    def above(self) -> int:
        """How many of the lines shown stand above the row."""
        return self.row - self.first + bool(self.first)

    def side(self, text: str) -> tuple[str, ...]:
        if not text:
            return ("(nothing)",)
        lines = _lines(text)
        last = min(len(lines), self.first + LINES)
        last = len(lines) if last == len(lines) - 1 else last
        shown = [f"… {self.first:,} lines that agree …"] if self.first else []
        for number in range(self.first, last):
            ends = text.endswith("\n") if number == len(lines) - 1 else number == self.row and self.parts_at_end
            shown.append(self._line(lines[number], self.start if number == self.row else 0, "⏎" if ends else ""))
        if last < len(lines):
            shown.append(left_out(len(lines) - last, "line"))
        return tuple(shown)

    def _line(self, line: str, start: int, end: str) -> str:
        """The line with its invisible characters shown, cut to the width."""
        piece = line[start : start + self.width]
        visible = [_visible(character) for character in piece]
        for position in range(max(0, len(line.rstrip(" ")) - start), len(piece)):
            visible[position] = "·"
        before, after = "…" if start else "", end if start + self.width >= len(line) else "…"
        while visible and cell_len("".join([before, *visible, after])) > self.width:
            visible.pop()
            after = "…"
        return "".join([before, *visible, after])


def _words(expected: str, got: str) -> str:
    """In which one respect the texts differ, where it can be said in words."""
    if not got or not expected or (only := difference(expected, got)) == "":
        return ""
    if only in WORDS:
        return WORDS[only]
    if only == "white space":
        if _stripped(got) == _stripped(expected):
            return "only the spaces (·) or tabs (→) at the end of a line differ"
        return "only white space differs" + (" (→ is a tab)" if "\t" in expected + got else "")
    if got.casefold() == expected.casefold():
        return "only capital and small letters differ"
    if expected.startswith(got):
        return "it ends here, and the rest is missing"
    # Without a newline at its end, what was expected may be a status alone, and any body is welcome after it.
    if expected.endswith("\n") and got.startswith(expected):
        return "nothing more was expected after this"
    return ""


def _similar(expected: str, got: str, column: int) -> bool:
    """Whether a caret helps: two sentences that share a first word by accident are better left alone."""
    shorter = min(len(expected), len(got))
    tail = min(_common(expected[::-1], got[::-1]), shorter - column)
    return 2 * (column + tail) >= shorter > 0


def _visible(text: str) -> str:
    return escape(text).replace("\t", "→")


def _common(one: str, other: str) -> int:
    """How many characters the two have in common at their start."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))


def _place(text: str, offset: int) -> tuple[int, int]:
    """The line and the column of a character, counted from 0."""
    return text.count("\n", 0, offset), offset - text.rfind("\n", 0, offset) - 1


def _lines(text: str) -> list[str]:
    return text.removesuffix("\n").split("\n")


def _line(text: str, row: int) -> str:
    lines = _lines(text)
    return lines[row] if row < len(lines) else ""


def _stripped(text: str) -> list[str]:
    return [line.rstrip(" \t") for line in text.split("\n")]
