"""What is to be graded in a batch, and every grading that was finished, as its file has it."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from grader.batch.schema import now, transaction
from grader.report import Outcome, Report

_REPORT = msgspec.msgpack.Decoder(Report)


@dataclass(frozen=True, kw_only=True)
class Due:
    """A submission that is to be graded."""

    parcel: str  # its key
    checks: tuple[str, ...]  # those that are asked for; none means all
    tries: int  # of this run that ended in an ERROR


@dataclass(frozen=True, kw_only=True)
class Grading:
    """One that was finished."""

    report: Report
    kit: str  # digest of the exercise that it was graded for


class Work:
    """The gradings of a batch."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def want(self, parcels: Mapping[str, Sequence[str]]) -> None:
        """Have these graded, each with the checks that are named, or all of them."""
        rows = [(key, " ".join(checks)) for key, checks in parcels.items()]
        with transaction(self._db):
            self._db.executemany("INSERT OR REPLACE INTO due VALUES (?, ?, 0)", rows)

    def due(self) -> tuple[Due, ...]:
        """What is to be graded: what was tried least comes first."""
        rows = self._db.execute("SELECT parcel, checks, tries FROM due ORDER BY tries, parcel")
        return tuple(Due(parcel=key, checks=tuple(checks.split()), tries=tries) for key, checks, tries in rows)

    def forgive(self) -> None:
        """Forget the tries that ended in an ERROR: a new run has all of them again."""
        self._db.execute("UPDATE due SET tries = 0")

    def drop(self, keys: Iterable[str]) -> None:
        """These need not be graded: nobody stands behind them any more."""
        with transaction(self._db):
            self._db.executemany("DELETE FROM due WHERE parcel = ?", [(key,) for key in keys])

    def finish(self, key: str, kit: str, report: Report) -> None:
        """Record one grading of what is due; it is on the disk when this returns. A second time changes nothing."""
        values = (key, kit, str(report.outcome), msgspec.msgpack.encode(report), now())
        told = "UPDATE due SET tries = tries + 1" if report.outcome is Outcome.ERROR else "DELETE FROM due"
        with transaction(self._db):
            if self._db.execute(f"{told} WHERE parcel = ?", (key,)).rowcount:
                self._db.execute(
                    "INSERT INTO grading (parcel, kit, outcome, report, finished) VALUES (?, ?, ?, ?, ?)", values
                )

    def newest(self, key: str) -> Grading | None:
        """The newest grading of a submission that told something, else the newest of all; None where there is none."""
        row = self._db.execute(
            "SELECT report, kit FROM grading WHERE parcel = ? ORDER BY outcome = 'error', id DESC LIMIT 1", (key,)
        ).fetchone()
        return Grading(report=_REPORT.decode(row[0]), kit=row[1]) if row else None
