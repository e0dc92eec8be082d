"""The one line on a terminal that says what is being done, and for how many seconds already."""

import contextlib
from collections.abc import Callable, Iterator
from typing import TextIO

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn
from rich.text import Text

from grader.render.clean import one_line

BESIDE = 12  # cells of the spinner, the seconds, and the spaces between


@contextlib.contextmanager
def steps(stream: TextIO) -> Iterator[Callable[[str], None]]:
    """Yield a function that begins a step; the line is taken away at the end."""
    console = Console(file=stream)
    words = TextColumn("{task.description}", markup=False)
    seconds = TextColumn("{task.elapsed:.0f} s", style="dim")
    with Progress(SpinnerColumn(), words, seconds, console=console, transient=True) as shown:
        step = shown.add_task("", total=None)

        def begin(text: str) -> None:
            line = Text(one_line(text))
            # Left to itself, the table would take the room from the seconds as well.
            line.truncate(max(console.width - BESIDE, 1), overflow="ellipsis")
            shown.reset(step, description=line.plain)

        yield begin
