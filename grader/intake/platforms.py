"""What platforms call the files of a class: Moodle, Canvas, GitHub Classroom, and a plain folder of folders."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import takewhile
from pathlib import Path

from grader.intake.claims import Claim, Handed, without_suffix

# Moodle 3 ends a folder's name with a "_", Moodle 4 does not; without folders the file's name follows it.
MOODLE = re.compile(r"(?P<name>.+?)_(?P<id>\d+)_assignsubmission_(?P<plugin>[a-z]+)(_(?P<file>.*))?")
# Letters of any script: Canvas takes out the rest. An anonymous student has a code in place of a name and a number.
CANVAS = re.compile(
    r"((?P<name>\w+?)_)??(?P<late>LATE_)?(?P<id>\d+|anon_[A-Za-z0-9]+)_"
    r"((?P<number>\d+)_(?P<file>.+)|(?P<entry>(text|link)\.html))"
)
# Of two files by one name Canvas numbers the newer one.
CANVAS_VERSION = re.compile(r"-\d+(?=\.[^.]*$|$)")
CLASSROOM_DOWNLOAD = re.compile(r"(?P<assignment>.+)-\d\d-\d\d-\d{4}-\d\d-\d\d-\d\d")
CLASSROOM_CLONES = re.compile(r"(?P<assignment>.+)-submissions")


def moodle(entries: Sequence[Path]) -> tuple[Claim, ...]:
    """A claim for each participant; what was typed into the page counts where no file was handed in."""
    found: dict[str, list[tuple[re.Match[str], Path]]] = defaultdict(list)
    for path in entries:
        if match := MOODLE.fullmatch(path.name):
            found[match["id"]].append((match, path))
    return tuple(_of_moodle(number, rows) for number, rows in found.items())


def _of_moodle(number: str, rows: Sequence[tuple[re.Match[str], Path]]) -> Claim:
    files = [row for row in rows if row[0]["plugin"] == "file"] or rows
    name = rows[0][0]["name"].replace("_", " ").strip()
    return Claim(
        text=f"{name}-{number}",
        name=name,
        ids={"moodle": number},
        handed=tuple(Handed(path=path, name=match["file"] or path.name) for match, path in files),
        beside=tuple(path for _, path in rows),
    )


def canvas(entries: Sequence[Path]) -> tuple[Claim, ...]:
    """A claim for each user, with all that they handed in."""
    found: dict[str, list[tuple[re.Match[str], Path]]] = defaultdict(list)
    for path in entries:
        if match := CANVAS.fullmatch(path.name):
            found[match["id"]].append((match, path))
    return tuple(_of_canvas(user, rows) for user, rows in found.items())


def _of_canvas(user: str, rows: Sequence[tuple[re.Match[str], Path]]) -> Claim:
    name = rows[0][0]["name"] or user
    called = [match["file"] or match["entry"] for match, _ in rows]
    return Claim(
        text=f"{name}-{user}" if name != user else user,
        name=name,
        ids={"canvas": user},
        late=any(match["late"] for match, _ in rows),
        number=max(int(match["number"] or 0) for match, _ in rows),
        handed=tuple(Handed(path=path, name=name) for (_, path), name in zip(rows, _unversioned(called), strict=True)),
    )


def _unversioned(names: Sequence[str]) -> list[str]:
    """The names without Canvas's numbers, but where two would then be one."""
    bare = [CANVAS_VERSION.sub("", name) or name for name in names]
    return [new if bare.count(new) == 1 else old for new, old in zip(bare, names, strict=True)]


def classroom(entries: Sequence[Path]) -> tuple[Claim, ...]:
    """A claim for each repository; its login is what follows the assignment's name."""
    folders = [path for path in entries if path.is_dir()]
    prefix = assignment(folders)
    return tuple(
        Claim(
            text=login,
            name=login,
            ids={"login": login, "repository": path.name},
            handed=(Handed(path=path, name=path.name),),
        )
        for path in folders
        for login in (path.name.removeprefix(prefix),)
    )


def assignment(folders: Sequence[Path]) -> str:
    """What the names of an assignment's repositories begin with; nothing where they are logins already."""
    names = [path.name for path in folders]
    around = folders[0].absolute().parent.name if folders else ""
    if not names or CLASSROOM_DOWNLOAD.fullmatch(around):
        return ""
    if clones := CLASSROOM_CLONES.fullmatch(around):
        prefix = f"{clones['assignment']}-"
        if all(name.startswith(prefix) for name in names):
            return prefix
    if len(names) == 1:
        return ""
    words = [name.split("-") for name in names]
    common = [each[0] for each in takewhile(lambda each: len(set(each)) == 1, zip(*words, strict=False))]
    # A login is at least one word.
    return "".join(f"{word}-" for word in common[: min(map(len, words)) - 1])


def plain(entries: Iterable[Path]) -> tuple[Claim, ...]:
    """A claim for each folder and each archive, by its name."""
    return tuple(
        Claim(text=name, name=name, handed=(Handed(path=path, name=path.name),))
        for path in entries
        for name in (without_suffix(path.name) if path.is_file() else path.name,)
    )
