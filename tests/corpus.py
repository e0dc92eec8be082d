"""Reads the labelled corpus: submissions whose verdict is known, for the course's exercises and for the tests' own."""

import shutil
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from grader.exercise import FILE
from grader.report import Outcome, Report

TESTS = Path(__file__).resolve().parent
ROOT = TESTS.parent
CORPUS = TESTS / "corpus"
OWN = TESTS / "exercises"  # small exercises that are there for a kind of check, not for a student
LABEL = "expected.toml"
STARTER, SOLUTION, RIGHT, WRONG = "starter", "solution", "right", "wrong"


@dataclass(frozen=True, kw_only=True)
class Exercise:
    """An exercise with its worked answer and its corpus."""

    folder: Path  # with exercise.toml
    solution: Path
    corpus: Path

    @property
    def slug(self) -> str:
        return self.folder.name


@dataclass(frozen=True, kw_only=True)
class Edit:
    """A place in a file of the worked answer, and what stands there instead."""

    file: str
    replace: str
    by: str

    def perform(self, folder: Path) -> None:
        """Change the file in this folder.

        :raises ValueError: the place is not there, or there is more than one
        """
        path = folder / self.file
        before = path.read_bytes()
        if (count := before.count(self.replace.encode())) != 1:
            raise ValueError(f"{self.file} has {count} places with {self.replace!r}: an edit needs one")
        path.write_bytes(before.replace(self.replace.encode(), self.by.encode()))


@dataclass(frozen=True, kw_only=True)
class Case:
    """One submission of the corpus, and what a fair grader says of it."""

    exercise: Exercise
    group: str  # "starter", "solution", "right" or "wrong"
    folder: Path
    lost: frozenset[str] = frozenset()
    edits: tuple[Edit, ...] = ()  # made in this order
    remove: tuple[str, ...] = ()
    link: tuple[tuple[str, str], ...] = ()  # made here: a link in the corpus would not survive every checkout
    diagnosis: str = ""  # empty for a right answer

    @property
    def name(self) -> str:
        return "/".join((self.exercise.slug, self.group, *([self.folder.name] if self.group in (RIGHT, WRONG) else [])))

    @property
    def slug(self) -> str:
        return self.exercise.slug

    def submission(self, into: Path) -> Path:
        """Lay the case out as the folder that a student would hand in."""
        if self.group == WRONG:
            shutil.copytree(self.exercise.solution, into)
        shutil.copytree(self.folder, into, dirs_exist_ok=True, ignore=shutil.ignore_patterns(LABEL, FILE))
        for edit in self.edits:
            edit.perform(into)
        for name in self.remove:
            (into / name).unlink()
        for name, target in self.link:
            (into / name).symlink_to(target)
        return into

    def objections(self, report: Report) -> list[str]:
        """In what the verdict is not the one that the label asks for; nothing where it is right."""
        if report.points is None:
            faults = [result.got for result in report.results if result.outcome is Outcome.ERROR]
            return [f"could not be graded: {fault}" for fault in faults]
        lost = {result.id for result in report.results if result.max_points and result.outcome is not Outcome.PASS}
        causes = {
            result.diagnosis.id if result.diagnosis else "no diagnosis"
            for result in report.results
            if result.outcome is Outcome.FAIL
        }
        if self.group == STARTER:
            return [] if lost else ["the starter has full marks: there is nothing to do"]
        said = []
        if lost != self.lost:
            said.append(f"lost {_listed(lost)}; expected {_listed(self.lost)}")
        wanted = {self.diagnosis} if self.diagnosis else set()
        if causes != wanted:
            said.append(f"diagnosed as {_listed(causes)}; expected {_listed(wanted)}")
        return said


def exercises() -> list[Exercise]:
    """Every exercise: the course's, then those of the tests."""
    course = [
        Exercise(folder=file.parent, solution=ROOT / "solutions" / file.parent.name, corpus=CORPUS / file.parent.name)
        for file in sorted((ROOT / "exercises").glob("*/exercise.toml"))
    ]
    own = [
        Exercise(folder=file.parent, solution=file.parent / SOLUTION, corpus=file.parent)
        for file in sorted(OWN.glob("*/exercise.toml"))
    ]
    return course + own


def cases(*, of: Iterable[Exercise] | None = None) -> list[Case]:
    """Every case of the exercises, by default of all."""
    found = []
    for exercise in exercises() if of is None else of:
        if exercise.folder.parent.name == "exercises" and exercise.folder.parent.parent == ROOT:
            found.append(Case(exercise=exercise, group=STARTER, folder=exercise.folder))
        found.append(Case(exercise=exercise, group=SOLUTION, folder=exercise.solution))
        rights = sorted((exercise.corpus / RIGHT).glob("*"))
        found += [Case(exercise=exercise, group=RIGHT, folder=folder) for folder in rights]
        found += [_wrong(exercise, folder) for folder in sorted((exercise.corpus / WRONG).glob("*"))]
    return found


def case(name: str) -> Case:
    """The case of that name, such as "01-hello/wrong/shell-form"."""
    return next(each for each in cases() if each.name == name)


def _wrong(exercise: Exercise, folder: Path) -> Case:
    expected = tomllib.loads((folder / LABEL).read_text(encoding="utf-8"))
    return Case(
        exercise=exercise,
        group=WRONG,
        folder=folder,
        lost=frozenset(expected.pop("lost")),
        edits=tuple(Edit(**edit) for edit in expected.pop("edit", ())),
        remove=tuple(expected.pop("remove", ())),
        link=tuple(expected.pop("link", {}).items()),
        diagnosis=folder.name.partition("--")[0],
    )


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "nothing"
