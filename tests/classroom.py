"""Makes up a class from the labelled corpus, packed as a platform would: `python -m tests.classroom 200 FOLDER`.

Some of what is handed in is broken or hostile. What each student is to get is written beside it, in truth.json.
"""

import io
import itertools
import json
import os
import shutil
import stat
import struct
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from grader.exercise import load
from grader.intake.layout import Layout
from tests.corpus import STARTER, Case, cases

FIRST = ("Ada", "Alan", "Barbara", "Claude", "Donald", "Edsger", "Frances", "Grace", "Hedy", "Jean", "Linus", "Radia")
LAST = ("Abelson", "Bell", "Cerf", "Diffie", "Engelbart", "Floyd", "Goldberg", "Hamilton", "Iverson", "Knuth", "Liskov")
HOSTILE = 10  # hand-ins of a class that are no submission
MISSING = "s9999"  # on the roster, and hands nothing in
BOMB = 400_000_000  # bytes that a small archive claims to hold, and does


@dataclass(frozen=True, kw_only=True)
class Pupil:
    """One made-up student."""

    number: int
    name: str
    case: Case | None = None  # what they hand in
    archive: bytes = b""  # or this, which is no submission

    @property
    def key(self) -> str:
        """The id on the roster."""
        return f"s{self.number:04}"

    @property
    def login(self) -> str:
        return self.name.lower().replace(" ", "-")

    @property
    def email(self) -> str:
        return f"{self.login}@school.example"


def pupils(count: int, slug: str, *, hostile: int = HOSTILE) -> list[Pupil]:
    """So many students: the cases of the corpus in turn, and among them `hostile` archives."""
    everybody = [f"{first} {last}" for last in LAST for first in FIRST]
    more = (f"{name} {number}" for number in itertools.count(2) for name in everybody)
    names = itertools.islice(itertools.chain(everybody, more), count)
    turns = itertools.cycle(case for case in cases() if case.slug == slug)
    traps = itertools.cycle(maker() for maker in TRAPS)
    every = count // hostile if hostile else count + 1
    made = []
    for number, name in enumerate(names):
        trapped = number % every == every // 2 and sum(bool(each.archive) for each in made) < hostile
        work = {"archive": next(traps)} if trapped else {"case": next(turns)}
        made.append(Pupil(number=number, name=name, **work))
    return made


def truth(pupil: Pupil) -> dict[str, object]:
    """What a fair grader says: the points, or that it is no submission."""
    if pupil.case is None:
        return {"state": "refused", "points": None}
    case, spec = pupil.case, load(pupil.case.exercise.folder / "exercise.toml")
    lost = {check.id for check in spec.checks} if case.group == STARTER else case.lost
    points = sum(check.points for check in spec.checks if check.id not in lost)
    return {"state": "graded", "points": points, "case": case.name}


def pack(class_of: list[Pupil], layout: Layout, into: Path) -> Path:
    """Write the class as the platform hands it out; returns what an instructor names on the command line."""
    into.mkdir(parents=True, exist_ok=True)
    PACKERS[layout](class_of, into)
    return into


def roster(class_of: list[Pupil]) -> str:
    """The class as a CSV file; the last student of it hands nothing in."""
    rows = ["id,name,email,login,canvas,moodle"]
    rows += [
        f"{each.key},{each.name},{each.email},{each.login},{1000 + each.number},{each.number}" for each in class_of
    ]
    return "\n".join([*rows, f"{MISSING},Vera Missing,vera@school.example,vera,9999,9999", ""])


def _work(pupil: Pupil) -> Iterator[tuple[str, bytes]]:
    """The files that a pupil hands in, by name."""
    assert pupil.case is not None
    with tempfile.TemporaryDirectory() as work:
        folder = pupil.case.submission(Path(work) / "submission")
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.is_symlink():
                yield path.relative_to(folder).as_posix(), path.read_bytes()


def _zip(pupil: Pupil, wrap: str = "") -> bytes:
    if pupil.archive:
        return pupil.archive
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _work(pupil):
            archive.writestr(f"{wrap}{name}", content)
    return file.getvalue()


def _lay(pupil: Pupil, folder: Path) -> None:
    """As files; what is no submission stays the archive that it is."""
    folder.mkdir(parents=True)
    if pupil.archive:
        (folder / "work.zip").write_bytes(pupil.archive)
        return
    for name, content in _work(pupil):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def _plain(class_of: list[Pupil], into: Path) -> None:
    for pupil in class_of:
        _lay(pupil, into / pupil.login)


def _moodle(class_of: list[Pupil], into: Path) -> None:
    for pupil in class_of:
        folder = into / f"{pupil.name}_{pupil.number}_assignsubmission_file"
        folder.mkdir()
        (folder / "work.zip").write_bytes(_zip(pupil))


def _canvas(class_of: list[Pupil], into: Path) -> None:
    with zipfile.ZipFile(into / "submissions.zip", "w") as platform:
        for pupil in class_of:
            first, _, last = pupil.name.lower().partition(" ")
            late = "LATE_" if pupil.number % 7 == 0 else ""
            name = f"{last.replace(' ', '')}{first}_{late}{1000 + pupil.number}_{50000 + pupil.number}_work.zip"
            platform.writestr(name, _zip(pupil, wrap="my work/"))


def _gradescope(class_of: list[Pupil], into: Path) -> None:
    export, lines = into / "assignment_1_export", []
    for pupil in class_of:
        _lay(pupil, export / f"submission_{70000 + pupil.number}")
        lines.append(
            f"submission_{70000 + pupil.number}:\n  :submitters:\n  - :name: {pupil.name}\n"
            f"    :sid: {pupil.key}\n    :email: {pupil.email}\n"
        )
    (export / "submission_metadata.yml").write_text("---\n" + "".join(lines))


def _classroom(class_of: list[Pupil], into: Path) -> None:
    for pupil in class_of:
        folder = into / f"07-work-{pupil.login}"
        _lay(pupil, folder)
        (folder / ".git").mkdir()
        (folder / ".git" / "config").write_text("[core]\n\tfsmonitor = touch /tmp/never\n")


PACKERS: dict[Layout, Callable[[list[Pupil], Path], None]] = {
    Layout.PLAIN: _plain,
    Layout.MOODLE: _moodle,
    Layout.CANVAS: _canvas,
    Layout.GRADESCOPE: _gradescope,
    Layout.CLASSROOM: _classroom,
}


# What is no submission


def _zipped(name: str, content: bytes = b"x", mode: int = stat.S_IFREG | 0o644) -> bytes:
    file, info = io.BytesIO(), zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, mode << 16
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(info, content)
    return file.getvalue()


def _tarred(name: str, kind: bytes, target: str = "") -> bytes:
    file, info = io.BytesIO(), tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    with tarfile.open(fileobj=file, mode="w:gz") as archive:
        archive.addfile(info)
    return file.getvalue()


def _bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("Dockerfile", "w") as member:
        for _ in range(BOMB // 1_000_000):
            member.write(bytes(1_000_000))
    return file.getvalue()


def _lying() -> bytes:
    """Says in both of its lists that the file has one byte."""
    whole = bytearray(_zipped("Dockerfile", b"FROM debian:trixie-slim\n" * 100))
    for mark, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", whole, whole.index(mark) + place, 1)
    return bytes(whole)


def _many() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(30_000):
            archive.writestr(f"{number}.txt", b"")
    return file.getvalue()


TRAPS: tuple[Callable[[], bytes], ...] = (
    _bomb,
    lambda: _zipped("../../etc/cron.d/evil"),
    lambda: _zipped("/etc/passwd"),
    lambda: _zipped("Dockerfile", b"/etc/passwd", stat.S_IFLNK | 0o777),
    lambda: _tarred("app.py", tarfile.LNKTYPE, "/etc/shadow"),
    lambda: _tarred("null", tarfile.CHRTYPE),
    _lying,
    lambda: _zipped("Dockerfile", b"FROM scratch\n" * 500)[:120],
    _many,
    lambda: b"Rar!\x1a\x07\x01\x00" + os.urandom(64),
)


@click.command()
@click.argument("count", type=click.IntRange(min=1))
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--exercise", default="01-hello", show_default=True)
@click.option("--layout", type=click.Choice([each.value for each in Layout]), default="plain", show_default=True)
@click.option("--hostile", type=click.IntRange(min=0), default=HOSTILE, show_default=True)
def main(count: int, folder: Path, exercise: str, layout: str, hostile: int) -> None:
    """Make up a class of COUNT students in FOLDER: class/, roster.csv, truth.json."""
    shutil.rmtree(folder, ignore_errors=True)
    made = pupils(count, exercise, hostile=hostile)
    pack(made, Layout(layout), folder / "class")
    (folder / "roster.csv").write_text(roster(made))
    (folder / "truth.json").write_text(json.dumps({each.key: truth(each) for each in made}, indent=1))


if __name__ == "__main__":
    main()
