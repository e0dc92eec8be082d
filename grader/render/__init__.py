"""The forms that a report is written in; each is imported when it is asked for."""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TextIO

if TYPE_CHECKING:
    from grader.render.board import Board
    from grader.report import Report

__all__ = ["FORMATS", "Format"]


class Format(Protocol):
    """Writes a report to a stream; `book` is the folder of the built course, where there is one."""

    def __call__(self, report: "Report", board: "Board", stream: TextIO, *, book: Path | None = None) -> None: ...


def _text(report: "Report", board: "Board", stream: TextIO, *, book: Path | None = None) -> None:
    from rich.console import Console

    from grader.render.text import render

    if isinstance(stream, io.TextIOWrapper):
        # A Windows pipe speaks an encoding that lacks most characters; none of them may end the report.
        stream.reconfigure(errors="backslashreplace")
    render(report, board, Console(file=stream, highlight=False), book=book)


def _json(report: "Report", board: "Board", stream: TextIO, *, book: Path | None = None) -> None:
    from grader.render.json import render

    stream.write(render(report) + "\n")


def _svg(report: "Report", board: "Board", stream: TextIO, *, book: Path | None = None) -> None:
    from grader.render.picture import picture

    stream.write(picture(report, board, alt=f"The report of a grading of {report.exercise} in a terminal."))


FORMATS: Mapping[str, Format] = {"text": _text, "json": _json, "svg": _svg}
