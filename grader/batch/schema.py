"""The tables of a batch's file, and how the file is opened."""

import contextlib
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from grader.errors import UsageError

APPLICATION = 0x53484950  # "SHIP": what SQLite's header says that the file is of
VERSION = 1
BUSY = 10.0  # seconds for another program that reads the file to let go
TABLES = """
CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE kit (digest TEXT PRIMARY KEY, packed BLOB NOT NULL, added TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE parcel (key TEXT PRIMARY KEY, packed BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE student (
  key TEXT PRIMARY KEY, record BLOB NOT NULL, source TEXT NOT NULL, late INTEGER NOT NULL,
  parcel TEXT REFERENCES parcel, refusal TEXT NOT NULL, CHECK (parcel IS NULL OR refusal = '')
) WITHOUT ROWID;
CREATE INDEX student_of ON student (parcel);
CREATE TABLE grading (
  id INTEGER PRIMARY KEY, parcel TEXT NOT NULL REFERENCES parcel, kit TEXT NOT NULL REFERENCES kit,
  outcome TEXT NOT NULL, report BLOB NOT NULL, finished TEXT NOT NULL
);
CREATE INDEX grading_of ON grading (parcel, id);
CREATE TABLE due (
  parcel TEXT PRIMARY KEY REFERENCES parcel, checks TEXT NOT NULL, tries INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE TABLE correction (
  id INTEGER PRIMARY KEY, student TEXT NOT NULL, check_id TEXT NOT NULL, points REAL NOT NULL,
  reason TEXT NOT NULL, made TEXT NOT NULL
);
"""


def open_file(path: Path, *, new: bool) -> sqlite3.Connection:
    """A connection to a batch's file; each statement is its own transaction but inside `transaction`.

    :param new: make the file where there is none
    :raises UsageError: there is none, or it is no file of ours, or of a later version
    """
    if not new and not path.is_file():
        raise UsageError(f"no batch in {path.parent}: there is no {path.name}; name the folder that --out named")
    try:
        connection = sqlite3.connect(path, timeout=BUSY, isolation_level=None)
    except sqlite3.Error as error:
        raise UsageError(f"{path} cannot be opened: {error}") from error
    try:
        _prepare(connection, path)
    except sqlite3.Error as error:
        connection.close()
        raise UsageError(f"{path} is no batch, or is damaged: {error}; name another --out") from error
    except UsageError:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    empty = not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if not empty and (application, version) != (APPLICATION, VERSION):
        which = f"a batch of version {version}" if application == APPLICATION else "another program's"
        raise UsageError(f"{path} is {which}, and this is version {VERSION}: name another --out")
    # Written in full before the next grading begins, so that not even a power cut loses a result.
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    if empty:
        with transaction(connection):
            # Two that begin at once: the second finds the tables made.
            if not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                for statement in TABLES.split(";\n"):
                    connection.execute(statement)
                connection.execute(f"PRAGMA application_id = {APPLICATION}")
                connection.execute(f"PRAGMA user_version = {VERSION}")


@contextlib.contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All that is done inside happens, or nothing of it."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def now() -> str:
    """The moment as the file has it: ISO 8601, UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")
