"""Who is in a batch and what each handed in, as its file has it."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import msgspec

from grader.batch.parcel import Parcel
from grader.batch.schema import transaction
from grader.intake.handed import HandIn, Student

_STUDENT = msgspec.msgpack.Decoder(Student)
_PARCEL = msgspec.msgpack.Decoder(Parcel)


@dataclass(frozen=True, kw_only=True)
class Row:
    """One student, and what is there of them."""

    student: Student
    source: str  # where the hand-in lay; empty where there was none
    late: bool
    parcel: str | None  # its key
    refusal: str  # why there is no parcel, where something was handed in


class Roll:
    """The students of a batch."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def hand_in(self, each: HandIn, parcel: Parcel | None, refusal: str = "") -> None:
        """Take note of what one student handed in: a parcel, or why there is none."""
        with transaction(self._db):
            if parcel is not None:
                packed = msgspec.msgpack.encode(parcel)
                self._db.execute("INSERT OR IGNORE INTO parcel VALUES (?, ?)", (parcel.key, packed))
            key = parcel.key if parcel else None
            self._put(Row(student=each.student, source=each.source, late=each.late, parcel=key, refusal=refusal))

    def missing(self, students: Iterable[Student]) -> None:
        """Take note of students who handed nothing in; one who did so before keeps it."""
        with transaction(self._db):
            for student in students:
                if not self._db.execute("SELECT 1 FROM student WHERE key = ?", (student.key,)).fetchone():
                    self._put(Row(student=student, source="", late=False, parcel=None, refusal=""))

    def rows(self) -> Iterator[Row]:
        """Each student once, in the order of their keys."""
        for _, record, source, late, parcel, refusal in self._db.execute("SELECT * FROM student ORDER BY key"):
            student = _STUDENT.decode(record)
            yield Row(student=student, source=source, late=bool(late), parcel=parcel, refusal=refusal)

    def parcel(self, key: str) -> Parcel:
        """What was handed in under that key, which one of the rows has."""
        packed = self._db.execute("SELECT packed FROM parcel WHERE key = ?", (key,)).fetchone()[0]
        return _PARCEL.decode(packed)

    def handed_in(self) -> Mapping[str, tuple[Student, ...]]:
        """The key of each parcel that somebody stands behind now, and who does."""
        found: dict[str, list[Student]] = {}
        for row in self.rows():
            if row.parcel is not None:
                found.setdefault(row.parcel, []).append(row.student)
        return {key: tuple(students) for key, students in found.items()}

    def behind(self, key: str) -> tuple[Student, ...]:
        """Who handed in the parcel of that key."""
        rows = self._db.execute("SELECT record FROM student WHERE parcel = ? ORDER BY key", (key,))
        return tuple(_STUDENT.decode(record) for (record,) in rows)

    def _put(self, row: Row) -> None:
        record = msgspec.msgpack.encode(row.student)
        values = (row.student.key, record, row.source, row.late, row.parcel, row.refusal)
        self._db.execute("INSERT OR REPLACE INTO student VALUES (?, ?, ?, ?, ?, ?)", values)
