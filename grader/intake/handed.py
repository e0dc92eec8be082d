"""Who handed in what: a Student, and the HandIn that can be laid out as the folder they would name."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec


class Student(msgspec.Struct, frozen=True, kw_only=True):
    """One person, or one group that hands in together."""

    key: str  # unique in the batch, and fit for a file name: letters, digits, ".", "_" and "-", no leading dot or dash
    name: str  # as it is shown; it came from outside, and is cleaned where it is shown
    email: str = ""
    ids: dict[str, str] = {}  # what platforms know them by: "canvas", "moodle", "login", "roster", ...


@dataclass(frozen=True, kw_only=True)
class HandIn:
    """What one student handed in, not looked into yet."""

    student: Student
    source: str  # where it lies, as it is shown: "class.zip/ada_12_345_app.zip"
    late: bool = False  # where the platform's file name says so
    number: int = 0  # the platform's own, where it counts up: of two by one student the greater is the newer
    # Lays it out in an empty folder, and returns the folder that the student would name: that one, or one inside it.
    # Raises SubmissionError, whose message says what was refused and why.
    lay_out: Callable[[Path], Path]
