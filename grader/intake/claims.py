"""What the names in a class say: who handed in which files; nothing of them is opened yet."""

import re
from dataclasses import dataclass, field
from pathlib import Path

SUFFIX = re.compile(r"(\.tar)?\.(zip|tar|gz|bz2|xz|zst|7z|rar)$|\.(tgz|tbz2?|txz)$", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Handed:
    """One file or folder, and what it is called where it is laid out beside others."""

    path: Path
    name: str


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One student, as a platform names them, and what is theirs."""

    text: str  # what the key is made of: no two students have the same
    name: str
    email: str = ""
    ids: dict[str, str] = field(default_factory=dict)
    late: bool = False
    number: int = 0
    handed: tuple[Handed, ...]
    beside: tuple[Path, ...] = ()  # theirs as well, and not the work
    note: str = ""  # what the instructor should know of it


def without_suffix(name: str) -> str:
    """The name of a folder or an archive without what says which kind of archive it is."""
    return SUFFIX.sub("", name) or name
