"""The forms that a report is written in; each is imported when it is asked for."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TextIO

from grader.render.stream import speak_utf8

if TYPE_CHECKING:
    from grader.render.board import Board
    from grader.report import Report

__all__ = ["FORMATS", "Format"]


class Format(Protocol):
    """Writes a report to a stream; `book` is the folder of the built course, where there is one."""

    def __call__(self, report: "Report", board: "Board", stream: TextIO, *, book: Path | None = None) -> None: ...


def _text(report: "Report", board: "Board", stream: TextIO, *, book: Path | None = None) -> None:
    from grader.render.console import console
    from grader.render.text import render

    render(report, board, console(stream), book=book)


def _json(report: "Report", board: "Board", stream: TextIO, *, book: Path | None = None) -> None:
    from grader.render.json import render

    speak_utf8(stream)
    stream.write(render(report) + "\n")


def _svg(report: "Report", board: "Board", stream: TextIO, *, book: Path | None = None) -> None:
    from grader.render.picture import picture

    speak_utf8(stream)
    stream.write(picture(report, board, alt=f"The report of a grading of {report.exercise} in a terminal."))


FORMATS: Mapping[str, Format] = {"text": _text, "json": _json, "svg": _svg}
