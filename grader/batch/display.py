"""What a batch tells while it runs; how it looks is the business of grader/render/."""

from typing import Protocol

from grader.intake.handed import Student
from grader.report import Report


class Display(Protocol):
    """Called from several threads at once."""

    def say(self, text: str) -> None:
        """Something that the instructor should know, in one line."""

    def begin(self, total: int) -> None:
        """So many submissions are to be graded."""

    def stage(self, worker: str, text: str) -> None:
        """What a worker does now; nothing where it waits."""

    def graded(self, students: tuple[Student, ...], report: Report, *, again: bool) -> None:
        """One submission was graded, for all who handed it in.

        :param again: it could not be told, and is tried once more at the end
        """
