"""What is remembered between two gradings: the best score of each exercise, and which checks keep failing."""

import contextlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from grader.report import Outcome, Report

LOCK_SECONDS = 10.0

Count = Annotated[int, msgspec.Meta(ge=0)]


class Standing(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How far one exercise has come."""

    best: Count
    max: Count
    attempts: Count
    failed: dict[str, Count] = {}  # with how many submissions in a row each check has failed
    digest: str = ""  # of the submission that was graded last


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """All that is remembered; `notes` says what the student must know about the file itself."""

    exercises: dict[str, Standing] = {}
    notes: tuple[str, ...] = ()

    def failures(self, slug: str, digest: str = "") -> Mapping[str, int]:
        """With how many submissions in a row, before the one of this digest, each check has failed.

        Its hints become plainer each time; the same files graded again get the hints that they had.
        """
        standing = self.exercises.get(slug)
        if standing is None:
            return {}
        counted = int(standing.digest == digest)
        return {check: max(times - counted, 0) for check, times in standing.failed.items()}


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    schema: Literal[1]
    exercises: dict[str, Standing]


class _Damaged(Exception):
    """The file is there and is not a progress file."""


def first_unfinished(points: Mapping[str, int], progress: Progress) -> str | None:
    """The first exercise without full marks, or None when all are done; `points` are what each is worth today."""
    for slug, full in points.items():
        standing = progress.exercises.get(slug)
        if standing is None or (standing.best, standing.max) != (full, full):
            return slug
    return None


def load(path: Path) -> Progress:
    """What the file remembers; nothing where there is none, and a note where it cannot be read."""
    try:
        try:
            return _read(path)
        except _Damaged:
            with _locked(path):
                return _mended(path)
    except OSError as error:
        return Progress(notes=(f"your progress could not be read: {_reason(error)}; this score is right all the same",))


def record(report: Report, path: Path) -> Progress:
    """Add a report to the file and return what it remembers now; a report with an ERROR changes nothing."""
    if report.points is None:
        return load(path)
    try:
        with _locked(path):
            before = _mended(path)
            standing = _updated(before.exercises.get(report.exercise), report, report.points)
            after = Progress(exercises={**before.exercises, report.exercise: standing}, notes=before.notes)
            _write(path, after)
            return after
    except OSError as error:
        note = f"this score was not saved: {_reason(error)}; mend that and grade again"
        before = load(path)
        return Progress(exercises=before.exercises, notes=(*before.notes, note))


def _updated(before: Standing | None, report: Report, points: int) -> Standing:
    """A better score counts, a worse one does not; another maximum makes it another exercise."""
    comparable = before is not None and before.max == report.max_points
    changed = before is None or before.digest != report.digest
    failed = {}
    for result in report.results:
        times = before.failed.get(result.id, 0) if before else 0
        # A check that was blocked has neither passed nor failed: its count stands.
        # The same files graded again are no new try.
        times += changed and result.outcome is Outcome.FAIL
        if times and result.outcome is not Outcome.PASS:
            failed[result.id] = times
    return Standing(
        best=max(points, before.best) if before and comparable else points,
        max=report.max_points,
        attempts=(before.attempts if before else 0) + 1,
        failed=failed,
        digest=report.digest,
    )


def _read(path: Path) -> Progress:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return Progress()
    try:
        return Progress(exercises=msgspec.json.decode(content, type=_File).exercises)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise _Damaged(str(error)) from error


def _mended(path: Path) -> Progress:
    """Read the file, with the lock held; set a damaged one aside, where nothing overwrites it."""
    try:
        return _read(path)
    except _Damaged as damage:
        aside = _free_name(path.with_name(path.name + ".damaged"))
        os.replace(path, aside)
        note = f"{path.name} could not be understood ({damage}): kept as {aside.name}, and a new one begins"
        return Progress(notes=(note,))


def _free_name(path: Path) -> Path:
    candidate, number = path, 2
    while candidate.exists():
        candidate, number = path.with_name(f"{path.name}-{number}"), number + 1
    return candidate


def _write(path: Path, progress: Progress) -> None:
    """Replace the file in one step: a reader, or a power cut, meets the old one or the new one, whole."""
    content = msgspec.json.encode(_File(schema=1, exercises=progress.exercises), order="sorted")
    temporary = path.with_name(path.name + ".tmp")
    temporary.unlink(missing_ok=True)
    try:
        with temporary.open("xb") as file:
            file.write(msgspec.json.format(content, indent=2) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    from filelock import FileLock

    # Whoever graded once with sudo must not be locked out of their own folder afterwards: hence the mode.
    with FileLock(f"{path}.lock", timeout=LOCK_SECONDS, mode=0o666):
        yield


def _reason(error: OSError) -> str:
    return f"{error.strerror} ({error.filename})" if error.filename else error.strerror or str(error)
