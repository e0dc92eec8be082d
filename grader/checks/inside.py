"""Which files an image holds: patterns of paths, and what is found at them that its base image has not brought."""

import re
from collections.abc import Iterable, Iterator, Sequence

from grader.facts import ImageFile

WILD = re.compile(r"[*?\[]")
PIECE = re.compile(r"\*\*|\*|\?|\[[^\]/]+\]|.", re.DOTALL)


def fault(pattern: str) -> str:
    """What is wrong with a pattern as its author wrote it; nothing where it can match."""
    if not pattern.startswith(("/", "**/")) or len(pattern.strip("/*")) == 0:
        return f"{pattern!r} is no path in an image: write it from the root on, such as '/app/.env' or '**/.env'"
    if pattern.endswith("/") or {"", ".", ".."} & set(pattern.removeprefix("/").split("/")):
        return f"{pattern!r} is never found so: no //, /./, /../ and no / at the end"
    if any("**" in each and each != "**" for each in pattern.split("/")):
        return f"{pattern!r}: ** stands for whole folders, alone between two slashes"
    return ""


def where(pattern: str) -> str:
    """The path at which, or below which, everything is that the pattern can match."""
    plain = []
    for part in pattern.removeprefix("/").split("/"):
        if WILD.search(part):
            break
        plain.append(part)
    return "/" + "/".join(plain)


def matches(pattern: str, paths: Iterable[str]) -> Iterator[str]:
    """The paths that the pattern means: `*` stands for anything in one name, `**` for any number of folders."""
    found = _expression(pattern)
    yield from (path for path in paths if found.fullmatch(path))


def offending(pattern: str, files: Sequence[ImageFile], base: Sequence[ImageFile]) -> list[str]:
    """The paths of the pattern that hold a file; a folder without one is what a mount or a clean-up leaves.

    :param base: what the base image holds; it is not the student's
    """
    theirs = {file.path for file in base if not file.folder}
    holding: dict[str, None] = {}
    for file in files:
        if not file.folder and file.path not in theirs:
            holding |= dict.fromkeys(_and_above(file.path))
    return sorted(matches(pattern, holding), key=lambda path: (path.count("/"), path))


def _and_above(path: str) -> Iterator[str]:
    while path:
        yield path
        path = path.rpartition("/")[0]


def _expression(pattern: str) -> re.Pattern[str]:
    parts = []
    for part in pattern.removeprefix("/").split("/"):
        if part == "**":
            parts.append("(?:/[^/]+)*")
        else:
            parts.append("/" + "".join(_piece(piece) for piece in PIECE.findall(part)))
    return re.compile("".join(parts), re.DOTALL)


def _piece(piece: str) -> str:
    if piece == "*":
        return "[^/]*"
    if piece == "?":
        return "[^/]"
    if piece.startswith("[") and len(piece) > 1:
        return "[" + piece[1:-1].replace("\\", "\\\\").replace("!", "^", 1) + "]" if piece[1] == "!" else piece
    return re.escape(piece)
