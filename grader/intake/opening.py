"""Opens what an instructor named: a folder or an archive of a class becomes the list of what lies in it."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp

from grader.errors import SubmissionError, UsageError
from grader.intake.archive import is_archive, unpack_class
from grader.intake.claims import without_suffix
from grader.intake.laying import entries, is_own, is_whole
from grader.intake.layout import Layout
from grader.intake.members import CLASS
from grader.intake.names import SOURCE_SHOWN, shown, unfit
from grader.intake.recognition import recognise

WRAPPERS = 3  # folders around a class that are seen through


@dataclass(frozen=True, kw_only=True)
class Opened:
    """What lies in a class's folder, wherever that is now."""

    found: tuple[Path, ...]
    root: Path = Path()  # where it is now...
    label: str = ""  # ...and what the instructor calls that
    refused: Mapping[Path, str] = field(default_factory=dict)  # what of an archive could not be laid out, and why
    notes: tuple[str, ...] = ()

    def source(self, path: Path) -> str:
        """Where a hand-in lies, in the instructor's words."""
        return f"{self.label}/{path.relative_to(self.root).as_posix()}" if self.label else str(path)


def open_class(path: Path, work: Path) -> Opened:
    """List a folder, or unpack an archive below `work` and list that; folders around the class are seen through.

    :raises UsageError: there is no class at this path; says what to name
    """
    if path.is_dir():
        found = _class_in(path, str(path))
        return _alone_in_it(found[0], work) or Opened(found=found) if len(found) == 1 else Opened(found=found)
    if not path.exists():
        raise UsageError(f"no folder or archive {path}: name the folder that holds what the class handed in")
    if not is_archive(path.resolve()):
        raise UsageError(f"{path} is neither a folder nor an archive: name what holds the hand-ins of the class")
    return _unpacked(path, work)


def _unpacked(path: Path, work: Path) -> Opened:
    work.mkdir(parents=True, exist_ok=True)
    # Under its own name: that is one of the things that a platform is recognised by.
    root = Path(mkdtemp(prefix="class-", dir=work), without_suffix(path.name))
    root.mkdir()
    try:
        reasons = unpack_class(path.resolve(), str(path), root, CLASS)
    except SubmissionError as error:
        raise UsageError(str(error)) from error
    refused, notes = _placed(reasons, root, str(path))
    found = _class_in(root, str(path))
    return Opened(found=found, root=root, label=str(path), refused=refused, notes=notes)


def _alone_in_it(path: Path, work: Path) -> Opened | None:
    """The class that this archive holds, where it lies alone in a folder; None where it is one student's."""
    if path.is_symlink() or not path.is_file() or recognise([path]).layout is not Layout.PLAIN or not is_archive(path):
        return None
    with suppress(UsageError):  # whatever is wrong with it, it is then said of a student's
        opened = _unpacked(path, work)
        if recognise(opened.found).layout is not Layout.PLAIN:
            return opened
        if len(opened.found) > 1 and all(map(_is_submission, opened.found)):
            return opened
    return None


def _is_submission(path: Path) -> bool:
    return is_whole(path) and (path.is_file() or bool(is_own(entries(path))))


def _class_in(folder: Path, label: str) -> tuple[Path, ...]:
    """What lies in the class's own folder: this one, or one that it is wrapped in."""
    for _ in range(WRAPPERS):
        found = _listed(folder, label)
        if own := is_own(found):
            what = f"{shown(label, SOURCE_SHOWN)} is one student's work: it holds a {own}"
            raise UsageError(
                f"{what}; name the folder of all students, or grade it alone with `python -m grader grade`"
            )
        if len(found) > 1 or not _is_wrapper(found[0]):
            break
        folder = found[0]
    return tuple(found)


def _is_wrapper(path: Path) -> bool:
    """Whether this, which lies alone, is the folder of a class and not that of its only student."""
    if path.is_symlink() or not path.is_dir() or recognise([path]).layout not in (Layout.PLAIN, Layout.CLASSROOM):
        return False
    within = entries(path, CLASS.count)
    if not within or is_own(within):
        return False
    return recognise(within).layout is not Layout.PLAIN or (len(within) > 1 and all(map(is_whole, within)))


def _listed(folder: Path, label: str) -> list[Path]:
    try:
        found = entries(folder, CLASS.count)
    except OSError as error:
        raise UsageError(f"{label} cannot be read: {error.strerror}") from error
    if not found:
        raise UsageError(f"{label} is empty: name the folder that holds what the class handed in")
    return found


def _placed(reasons: Mapping[str, str], root: Path, label: str) -> tuple[dict[Path, str], tuple[str, ...]]:
    """The refusals by their place, which an empty file keeps where nothing lies; and those that have no place."""
    refused, notes = {}, []
    for name, reason in reasons.items():
        path = root / name
        if unfit(name, tuple(name.split("/")), len(name)):
            notes.append(f"{shown(label, SOURCE_SHOWN)}: left out: {reason}")
            continue
        refused[path] = reason
        # Where a file has its folder's place, that is refused already.
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
    return refused, tuple(notes)
