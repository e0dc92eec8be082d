"""What an archive lists, and what of it is laid out: names and totals are checked before a byte is written."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from grader.errors import SubmissionError
from grader.intake.names import Names, Parts, shown, unfit
from grader.submission import SKIPPED, VENV_MARK

# What systems and tools add unasked, of any kind; the folders of `SKIPPED` besides.
ADDED = frozenset({"__MACOSX", ".git", ".DS_Store", "Thumbs.db", "desktop.ini", "Icon\r"})
APPLE_DOUBLE = "._"  # how macOS begins the file that goes along with another

OWN_WORK = "hand in your own work only"


class Kind(StrEnum):
    """What a member is."""

    FILE = "a file"
    FOLDER = "a folder"
    LINK = "a link"
    HARD_LINK = "a hard link"
    DEVICE = "a device"
    PIPE = "a pipe"
    SOCKET = "a socket"
    SPARSE = "a sparse file"
    OTHER = "neither a file nor a folder"


WRITTEN = frozenset({Kind.FILE, Kind.FOLDER})


@dataclass(frozen=True, kw_only=True)
class Member:
    """One entry as the archive lists it; nothing of it has been checked."""

    name: str
    kind: Kind
    size: int  # as it is claimed; no more is ever read
    packed: int  # its bytes in the archive
    fault: str = ""  # why it cannot be read, and the next step


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How much of an archive is taken before it is refused."""

    count: int  # files and folders that are laid out
    listed: int  # entries in all, those that are passed over too
    listing: int  # bytes of a zip's own list of them
    largest: int  # bytes of one file
    size: int  # bytes of all
    passed: int  # bytes that come out of a compressed tar, passed over or not
    depth: int = 32  # folders inside folders
    ratio: int = 100  # how much larger than the archive what comes out of it may be...
    floor: int = 10_000_000  # ...once it has come to these bytes
    ratio_of_all: int = 100  # the same, of a compressed tar as a whole
    advice: str = OWN_WORK  # where it is the archive that is too large


STUDENT = Limits(
    count=20_000,  # a virtual environment under a name of its own is laid out too
    listed=100_000,  # a virtual environment and node_modules, passed over
    listing=16_000_000,
    largest=200_000_000,
    size=200_000_000,
    passed=2_000_000_000,
)

# One archive of a class of a thousand. Its parts are of many people, so that no ratio of one may end it for all.
CLASS = Limits(
    count=300_000,
    listed=1_000_000,
    listing=100_000_000,
    largest=1_000_000_000,
    size=20_000_000_000,
    passed=40_000_000_000,
    depth=40,
    ratio_of_all=1_000_000,
    advice="grade the class in parts",
)

Refuse = Callable[[str, SubmissionError], None]  # takes a path and the reason; raises it, or keeps it


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """What of an archive is laid out, by its path in the folder."""

    folders: tuple[str, ...]
    files: Mapping[int, str]  # by the position in the archive


def chosen(members: Iterable[Member], limits: Limits, refuse: Refuse) -> Chosen:
    """The members to lay out; what `refuse` keeps to itself is not among them.

    :raises SubmissionError: there is more than the limits allow
    """
    found = list(_of_the_student(members, limits))
    # Tools make links in a virtual environment; it is never taken, whatever its name is.
    marked = {parts[:-1] for _, _, parts in found if parts[-1] == VENV_MARK}
    folders: list[str] = []
    files: dict[int, str] = {}
    names, total = Names(), 0
    for position, member, parts in found:
        if member.kind not in WRITTEN and any(parts[:end] in marked for end in range(len(parts))):
            continue
        path = "/".join(parts)
        try:
            _check(member, parts, limits)
            names.add(parts, is_folder=member.kind is Kind.FOLDER)
        except SubmissionError as error:
            refuse(path, error)
            continue
        if member.kind is Kind.FOLDER:
            folders.append(path)
        else:
            files[position] = path
            total += member.size
        if len(names) > limits.count:
            raise SubmissionError(f"holds more than {limits.count:,} files and folders: {limits.advice}")
        if total > limits.size:
            raise SubmissionError(f"unpacks to more than {megabytes(limits.size)}: {limits.advice}")
    return Chosen(folders=tuple(folders), files=files)


def megabytes(size: int) -> str:
    """A limit as it is said."""
    return f"{size // 1_000_000:,} MB"


def dropped(parts: Parts, kind: Kind) -> bool:
    """Whether this is, or lies in, what tools and systems leave in a student's folder."""
    if any(part in ADDED or part in SKIPPED for part in parts[:-1]):
        return True
    last = parts[-1]
    return last in ADDED or last.startswith(APPLE_DOUBLE) or (last in SKIPPED and kind is not Kind.FILE)


def _of_the_student(members: Iterable[Member], limits: Limits) -> Iterator[tuple[int, Member, Parts]]:
    """Each member that is not passed over, with its position and the parts of its name."""
    for position, member in enumerate(members):
        if position == limits.listed:
            raise SubmissionError(f"lists more than {limits.listed:,} files and folders: {limits.advice}")
        parts = tuple(part for part in member.name.split("/") if part not in ("", "."))
        if parts and not dropped(parts, member.kind):
            yield position, member, parts


def _check(member: Member, parts: Parts, limits: Limits) -> None:
    name = shown(member.name)
    if member.kind not in WRITTEN:
        raise SubmissionError(f"{name} is {member.kind}: hand in the file itself")
    if fault := unfit(member.name, parts, limits.depth) or member.fault:
        raise SubmissionError(f"{name} {fault}")
    if member.kind is Kind.FOLDER:
        return
    if member.size > limits.largest:
        raise SubmissionError(f"{name} is larger than {megabytes(limits.largest)}: {OWN_WORK}")
    if member.size > limits.floor and member.size > limits.ratio * member.packed:
        raise SubmissionError(f"{name} unpacks to more than {limits.ratio} times its size: {OWN_WORK}")
