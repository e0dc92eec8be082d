"""A batch in one SQLite file: its exercise, its students, its gradings, and what was decided by hand."""

import secrets
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from grader.batch.gradebook import Correction
from grader.batch.kit import Kit
from grader.batch.roll import Roll
from grader.batch.schema import now, open_file, transaction
from grader.batch.work import Work
from grader.errors import UsageError

FILE = "batch.sqlite"
_KIT = msgspec.msgpack.Decoder(Kit)


class Store:
    """The file of one batch, open; nothing of it is kept in memory."""

    def __init__(self, folder: Path, *, new: bool = False) -> None:
        """
        :param new: make the file, and the folder, where there is none
        :raises UsageError: it cannot be opened as a batch's file
        """
        if new:
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise UsageError(f"{folder} cannot be made: {error.strerror}; name another --out") from error
        self.folder = folder
        self._db = open_file(folder / FILE, new=new)
        self.roll, self.work = Roll(self._db), Work(self._db)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._db.close()

    def begin(self, kit: Kit, *, seed: int | None) -> None:
        """Take note of the exercise as it is now, and of the seed that all random words of the batch come from.

        :raises UsageError: the batch is of another exercise, or has another seed
        """
        with transaction(self._db):
            if (slug := self._fact("exercise")) not in ("", kit.slug):
                raise UsageError(f"{self.folder} holds a batch of {slug}, not of {kit.slug}: name another --out")
            known = self._fact("seed")
            if known and seed is not None and int(known) != seed:
                raise UsageError(f"this batch has seed {known}, not {seed}: leave --seed out, or name another --out")
            if not known:
                self._set("exercise", kit.slug)
                self._set("seed", str(secrets.randbelow(1 << 32) if seed is None else seed))
                self._set("started", now())
            packed = msgspec.msgpack.encode(kit)
            self._db.execute("INSERT OR IGNORE INTO kit VALUES (?, ?, ?)", (kit.digest, packed, now()))
            self._set("kit", kit.digest)

    @property
    def seed(self) -> int:
        return int(self._fact("seed"))

    @property
    def started(self) -> str:
        """When the batch began: ISO 8601, UTC."""
        return self._fact("started")

    @property
    def engine(self) -> str:
        """The engine that graded last, by its name."""
        return self._fact("engine")

    @engine.setter
    def engine(self, name: str) -> None:
        self._set("engine", name)

    @property
    def regrading(self) -> str:
        """What the instructor asked to have graded again, while some of it may still be due; else nothing."""
        return self._fact("regrade")

    @regrading.setter
    def regrading(self, what: str) -> None:
        self._set("regrade", what)

    def kit(self, digest: str = "") -> Kit:
        """The exercise of that digest, by default the one that the batch was run with last.

        :raises UsageError: the batch was never begun
        """
        row = self._db.execute("SELECT packed FROM kit WHERE digest = ?", (digest or self._fact("kit"),)).fetchone()
        if row is None:
            raise UsageError(f"the batch in {self.folder} was never begun: run `python -m grader batch` first")
        return _KIT.decode(row[0])

    def correct(self, student: str, correction: Correction) -> None:
        """Take note of what an instructor decided; nothing takes it back but a later one."""
        values = (student, correction.check, correction.points, correction.reason, correction.at)
        self._db.execute(
            "INSERT INTO correction (student, check_id, points, reason, made) VALUES (?, ?, ?, ?, ?)", values
        )

    def corrections(self, student: str) -> tuple[Correction, ...]:
        """In the order in which they were made."""
        rows = self._db.execute(
            "SELECT check_id, points, reason, made FROM correction WHERE student = ? ORDER BY id", (student,)
        )
        return tuple(Correction(check=row[0], points=row[1], reason=row[2], at=row[3]) for row in rows)

    def _fact(self, name: str) -> str:
        row = self._db.execute("SELECT value FROM fact WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else ""

    def _set(self, name: str, value: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO fact VALUES (?, ?)", (name, value))
