"""What an instructor may say about how a gradebook is written."""

from dataclasses import dataclass
from pathlib import Path

from grader.errors import UsageError


@dataclass(frozen=True, kw_only=True)
class Options:
    """The same for every format; each takes what concerns it.

    :raises UsageError: the address of the course is none that a student could follow
    """

    book: str = ""  # the address of the built course: failures link to it; without it they name the unit
    canvas: Path | None = None  # the gradebook that was exported from Canvas, to be filled in
    assignment: str = ""  # its column there, where the title is another than the exercise's: the title, or the id
    moodle: Path | None = None  # the grading worksheet that was downloaded from Moodle, to be filled in
    classroom: str = ""  # the short name of the classroom in Classroom 50

    def __post_init__(self) -> None:
        if self.book and not self.book.startswith(("https://", "http://")):
            raise UsageError(f"{self.book!r} is no address of a course: it starts with https:// or http://")

    def page(self, path: str) -> str:
        """The address of a page of the course, or nothing where the course has none."""
        return f"{self.book.rstrip('/')}/{path}" if self.book else ""
