"""Makes what the tests of a batch are about: an exercise, parcels, reports, and a crew that needs no engine."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import msgspec

from grader.batch import kit as kits
from grader.batch import parcel as parcels
from grader.batch.crew import Crew
from grader.batch.job import JOB, Job
from grader.batch.kit import Kit
from grader.batch.parcel import Parcel
from grader.batch.store import Store
from grader.exercise import Exercise
from grader.intake.handed import HandIn, Student
from grader.report import Outcome, Report, Result
from grader.submission import take_in

SPEC = """
schema = 1
title = "Count"
unit = "01-hello"
files = ["app.py", "Dockerfile"]

[run]
port = 5000

[[checks]]
id = "counts"
kind = "http"
points = 2
title = "It counts"
path = "/"
status = 200
body = "1"
objective = "o"
hints = ["where", "idea", "line"]

[[checks]]
id = "own"
kind = "python"
function = "checks.py:look"
rubric = "It is looked at"
points = 3
title = "It is looked at"
objective = "o"
hints = ["where", "idea", "line"]
"""
FUNCTION = "def look(subject, random):\n    return None\n"


def exercise_folder(at: Path, *, spec: str = SPEC, function: str = FUNCTION) -> Path:
    """An exercise with one check of a common kind and one of its own."""
    folder = at / "07-count"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "exercise.toml").write_text(spec)
    (folder / "checks.py").write_text(function)
    return folder


def kit_of(at: Path, **changed: str) -> tuple[Kit, Exercise]:
    """An exercise as bytes, and as it is read."""
    folder = exercise_folder(at, **changed)
    return kits.pack(folder), kits.unpack(kits.pack(folder), _empty(at / "unpacked"))


def parcel_of(exercise: Exercise, at: Path, app: str) -> Parcel:
    """What intake makes of a submission with this app.py."""
    source, copy = _empty(at / "source"), _empty(at / "copy")
    (source / "app.py").write_text(app)
    (source / "Dockerfile").write_text("FROM debian:trixie-slim\n")
    return parcels.pack(take_in(exercise, source, copy))


def student(key: str) -> Student:
    return Student(key=key, name=key.title())


def hand_in(key: str, *, late: bool = False) -> HandIn:
    return HandIn(student=student(key), source=f"class/{key}", late=late, lay_out=lambda into: into)


def class_of(store: Store, exercise: Exercise, at: Path, names: str) -> dict[str, Parcel]:
    """Have each of the students hand in an app of their own; the parcels by their names."""
    made = {name: parcel_of(exercise, at, f"# {name}\n") for name in names.split()}
    for name, parcel in made.items():
        store.roll.hand_in(hand_in(name), parcel)
    return made


def report_of(job: Job, *outcomes: Outcome) -> Report:
    """A report of the checks that the job asks for: each passes, or ends as is said."""
    asked = job.checks or ("counts", "own")
    points = {"counts": 2, "own": 3}
    ends = [*outcomes, *[Outcome.PASS] * (2 + len(asked))]
    stages = [Result(id=name, kind=name, title=name, outcome=ends.pop(0)) for name in ("build", "start")]
    checks = [
        Result(id=name, kind="http", title=name, outcome=ends.pop(0), max_points=points[name], got=f"seed {job.seed}")
        for name in asked
    ]
    return Report(
        exercise=job.kit.slug,
        title="Count",
        submission=job.parcel.name,
        digest=job.parcel.digest,
        seed=job.seed,
        results=(*stages, *checks),
        started="2026-01-01T00:00:00+00:00",
        seconds=0.1,
    )


Grade = Callable[[Job], Report]


@contextmanager
def crew_that(grade: Grade, *, size: int = 2, **told):
    """Threads that grade as they are told."""

    def work(packed: bytes) -> bytes:
        return msgspec.msgpack.encode(grade(JOB.decode(packed)))

    with ThreadPoolExecutor(size) as pool:
        yield Crew(executor=pool, work=work, size=lambda: size, **told)


class Told:
    """A display that remembers."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.ended: list[tuple[tuple[str, ...], Outcome, bool]] = []
        self.total = -1
        self._lock = threading.Lock()

    def say(self, text: str) -> None:
        with self._lock:
            self.lines.append(text)

    def begin(self, total: int) -> None:
        self.total = total

    def stage(self, worker: str, text: str) -> None:
        """Not of interest."""

    def graded(self, students, report: Report, *, again: bool) -> None:
        with self._lock:
            self.ended.append((tuple(each.key for each in students), report.outcome, again))


def _empty(folder: Path) -> Path:
    """A new folder beside others of its name."""
    made = folder.with_name(f"{folder.name}-{time.monotonic_ns()}")
    made.mkdir(parents=True)
    return made
