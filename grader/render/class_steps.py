"""What is shown while a class is graded: a bar with counts and one line for each worker, or quiet lines elsewhere."""

import contextlib
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TextIO

from rich.console import Console, Group
from rich.live import Live
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from grader.batch.display import Display
from grader.intake.handed import Student
from grader.render.clean import one_line
from grader.render.console import console
from grader.report import Outcome, Report

EVERY = 15.0  # seconds between two quiet lines
RECENT = 20  # gradings that the rate is taken from
REFRESH = 4  # times a second
WORDS = {Outcome.PASS: "full marks", Outcome.FAIL: "points lost", Outcome.ERROR: "not told"}


@dataclass(kw_only=True)
class Counts:
    """How far a batch is, for whichever way it is shown."""

    total: int = 0
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    ended: list[float] = field(default_factory=list)  # the last moments, by the monotonic clock

    def add(self, outcome: Outcome) -> None:
        self.outcomes[outcome] += 1
        self.ended = [*self.ended, time.monotonic()][-RECENT:]

    @property
    def done(self) -> int:
        return sum(self.outcomes.values())

    @property
    def rate(self) -> float:
        """Gradings a second, of late; 0 where there were too few to tell."""
        if len(self.ended) < 2 or self.ended[-1] == self.ended[0]:
            return 0.0
        return (len(self.ended) - 1) / (self.ended[-1] - self.ended[0])

    @property
    def words(self) -> str:
        """Counts by outcome, the rate, and the time that is left."""
        parts = [f"{self.outcomes[outcome]} {word}" for outcome, word in WORDS.items() if self.outcomes[outcome]]
        if rate := self.rate:
            parts.append(f"{rate:.1f} a second" if rate >= 1 else f"{1 / rate:.0f} s each")
            parts.append(f"{_duration(max(self.total - self.done, 0) / rate)} left")
        return ", ".join(parts)


@contextlib.contextmanager
def class_steps(stream: TextIO) -> Iterator[Display]:
    """Yield what a batch tells of itself to, while it runs."""
    if not stream.isatty():
        yield Lines(stream)
        return
    shown = Board(console(stream))
    with Live(get_renderable=shown.render, console=shown.console, refresh_per_second=REFRESH, transient=True):
        yield shown


class Lines:
    """Quiet lines: what was said, what could not be told, and now and then how far it is."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()
        self._counts = Counts()
        self._told = 0.0

    def say(self, text: str) -> None:
        with self._lock, contextlib.suppress(OSError):  # whoever read it has gone, and the batch goes on
            print(one_line(text), file=self._stream, flush=True)

    def begin(self, total: int) -> None:
        self._counts.total, self._told = total, time.monotonic()
        self.say(f"grading {total} submissions")

    def stage(self, worker: str, text: str) -> None:
        """Not shown: lines that come and go need a terminal."""

    def graded(self, students: tuple[Student, ...], report: Report, *, again: bool) -> None:
        if not again:
            self._counts.add(report.outcome)
        if report.outcome is Outcome.ERROR:
            self.say(_untold(students, report, again=again))
        last = self._counts.done == self._counts.total
        if last or time.monotonic() - self._told >= EVERY:
            self._told = time.monotonic()
            self.say(f"{self._counts.done} of {self._counts.total}: {self._counts.words}")


class Board:
    """A bar, the counts, and what each worker does now."""

    def __init__(self, shown_on: Console) -> None:
        self.console = shown_on
        self._lock = threading.Lock()
        self._counts = Counts()
        self._workers: dict[str, tuple[str, float]] = {}
        self._bar = Progress(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=shown_on
        )
        self._task = self._bar.add_task("taking in", total=None)

    def say(self, text: str) -> None:
        self.console.print(Text(one_line(text)))

    def begin(self, total: int) -> None:
        with self._lock:
            self._counts.total = total
        self._bar.reset(self._task, total=total, description="grading")

    def stage(self, worker: str, text: str) -> None:
        with self._lock:
            self._workers[worker] = (one_line(text), time.monotonic())

    def graded(self, students: tuple[Student, ...], report: Report, *, again: bool) -> None:
        if not again:
            with self._lock:
                self._counts.add(report.outcome)
            self._bar.advance(self._task)
        if report.outcome is Outcome.ERROR:
            self.say(_untold(students, report, again=again))

    def render(self) -> Group:
        """The lines as they are now."""
        with self._lock:
            workers, words = dict(self._workers), self._counts.words
        table = Table.grid(padding=(0, 1))
        table.add_column(justify="right", style="dim")
        table.add_column(no_wrap=True, overflow="ellipsis")
        for _, (text, since) in sorted(workers.items()):
            if text:
                table.add_row(f"{time.monotonic() - since:.0f} s", Text(text))
        return Group(self._bar, Text(words, style="dim"), table)


def _untold(students: tuple[Student, ...], report: Report, *, again: bool) -> str:
    who = students[0].name if students else report.submission
    more = f" and {len(students) - 1} more" if len(students) > 1 else ""
    why = next((result.got for result in report.results if result.outcome is Outcome.ERROR), "")
    return f"could not be told: {who}{more}: {why}" + ("; tried again at the end" if again else "")


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
