"""The board: every exercise on a line, and how far the student has come."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.render.clean import one_line

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions
    from rich.text import Text

BAR = 10  # cells
TITLE = 12  # cells below which the bar gives way to the title


@dataclass(frozen=True, kw_only=True)
class Row:
    """One exercise; `best` is None until it has been graded."""

    slug: str
    title: str
    max: int
    best: int | None = None

    @property
    def done(self) -> bool:
        return self.best is not None and self.best >= self.max

    @property
    def score(self) -> str:
        return f"{'-' if self.best is None else self.best}/{self.max}"


@dataclass(frozen=True, kw_only=True)
class Board:
    """All exercises, in the order of the course; `current` is the slug of the one at hand."""

    rows: tuple[Row, ...]
    current: str = ""
    note: str = ""  # said in place of the board where there are no rows

    @property
    def following(self) -> Row | None:
        """The first exercise that is not done yet, other than the one at hand."""
        return next((row for row in self.rows if not row.done and row.slug != self.current), None)

    @property
    def done(self) -> bool:
        """Whether every exercise has full marks; they may be another's than the report's."""
        return bool(self.rows) and all(row.done for row in self.rows)

    def __rich_console__(self, console: "Console", options: "ConsoleOptions") -> "Iterator[Text]":
        from rich.text import Text

        points, possible = sum(row.best or 0 for row in self.rows), sum(row.max for row in self.rows)
        done = sum(row.done for row in self.rows)
        yield Text(f"{points} of {possible} points, {done} of {len(self.rows)} exercises done", "bold")
        for row in self.rows:
            yield _drawn(row, self, options.max_width)


def _drawn(row: Row, board: Board, width: int) -> "Text":
    from rich.text import Text

    current = row.slug == board.current
    slug = Text(row.slug.ljust(max(len(row.slug) for row in board.rows)))
    score = row.score.rjust(max(len(row.score) for row in board.rows))
    room = width - len(slug) - len(score) - 8  # the marks, and two spaces between columns
    bar = BAR if room - BAR - 2 >= TITLE else 0
    title = Text(one_line(row.title))
    title.truncate(max(room - (bar + 2 if bar else 0), 1), overflow="ellipsis", pad=True)
    marks = Text.assemble(">" if current else " ", " ", ("✔" if row.done else " ", "green"), " ")
    line = Text.assemble(marks, slug, "  ", title, "  ", score)
    if current:
        line.stylize("bold")
    if bar:
        full = min(bar, bar * (row.best or 0) // max(row.max, 1))
        line.append_text(Text.assemble("  ", ("█" * full, "green"), ("░" * (bar - full), "dim")))
    line.no_wrap, line.overflow = True, "crop"
    return line
