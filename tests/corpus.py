"""Reads the labelled corpus: submissions whose verdict is known."""

import shutil
import tomllib
from dataclasses import dataclass
from pathlib import Path

CORPUS = Path(__file__).with_name("corpus")
ROOT = CORPUS.parent.parent
LABEL = "expected.toml"


@dataclass(frozen=True, kw_only=True)
class Case:
    """One submission of the corpus, and what a fair grader says of it."""

    slug: str
    folder: Path
    lost: frozenset[str] = frozenset()
    remove: tuple[str, ...] = ()
    link: tuple[tuple[str, str], ...] = ()  # made here: a link in the corpus would not survive every checkout
    diagnosis: str = ""  # empty for a right answer

    @property
    def name(self) -> str:
        return f"{self.slug}/{self.folder.parent.name}/{self.folder.name}"

    def submission(self, into: Path) -> Path:
        """Lay the case out as the folder that a student would hand in."""
        if self.diagnosis:
            shutil.copytree(ROOT / "solutions" / self.slug, into)
        shutil.copytree(self.folder, into, dirs_exist_ok=True, ignore=shutil.ignore_patterns(LABEL))
        for name in self.remove:
            (into / name).unlink()
        for name, target in self.link:
            (into / name).symlink_to(target)
        return into


def cases() -> list[Case]:
    """Every case of every exercise."""
    right = [Case(slug=folder.parent.parent.name, folder=folder) for folder in sorted(CORPUS.glob("*/right/*"))]
    return right + [_wrong(folder) for folder in sorted(CORPUS.glob("*/wrong/*"))]


def _wrong(folder: Path) -> Case:
    expected = tomllib.loads((folder / LABEL).read_text(encoding="utf-8"))
    return Case(
        slug=folder.parent.parent.name,
        folder=folder,
        lost=frozenset(expected.pop("lost")),
        remove=tuple(expected.pop("remove", ())),
        link=tuple(expected.pop("link", {}).items()),
        diagnosis=folder.name.partition("--")[0],
    )
