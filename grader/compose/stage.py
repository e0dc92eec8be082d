"""Lays out the files that a project's containers mount: a private copy for each path that is mounted.

One copy for all would let a container that mounts the whole submission put a link where another container's mount is
about to be looked up, and the engine follows links. Services that mount the same path share its copy, as they would
share the path itself.
"""

import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from grader.compose.model import Mount, Project

# A container's user may be any; on a student's machine the folder would belong to the student.
FOLDER_MODE = 0o777


def stage(project: Project, source: Path, folder: Path, edits: Mapping[str, bytes] | None = None) -> None:
    """Copy what the started services mount from the submission in `source` into the empty or missing `folder`.

    Only regular files and folders are taken. Where Docker would make an empty folder, there is one.

    :param edits: what stands in place of files that were handed in
    """
    folder.mkdir(exist_ok=True)
    for mount, place in places(project, folder).items():
        if mount.content is not None:
            _write(place, mount.content.encode("utf-8"))
        elif mount.made:
            _make(place)
        else:
            _copy(source / mount.source, place)
            for name, content in (edits or {}).items():
                if (path := PurePosixPath(name)).is_relative_to(mount.source):
                    (place / path.relative_to(mount.source)).write_bytes(content)


def places(project: Project, folder: Path) -> dict[Mount, Path]:
    """Where each thing that is mounted from the submission lies in the staged `folder`."""
    found: dict[Mount, Path] = {}
    for mount in _binds(project):
        found.setdefault(origin(mount), folder / f"{len(found)}")
    return found


def origin(mount: Mount) -> Mount:
    """What is mounted, without where it is: equal for mounts that share it."""
    return Mount(kind=mount.kind, target="", source=mount.source, content=mount.content, made=mount.made)


def _binds(project: Project) -> Iterator[Mount]:
    for service in project.active.values():
        yield from (mount for mount in service.mounts if mount.kind == "bind")


def _copy(source: Path, place: Path) -> None:
    mode = source.lstat().st_mode
    if stat.S_ISREG(mode):
        _write(place, source.read_bytes(), executable=bool(mode & stat.S_IXUSR))
    elif stat.S_ISDIR(mode):
        _make(place)
        for entry in sorted(os.listdir(source)):
            _copy(source / entry, place / entry)


def _make(place: Path) -> None:
    place.mkdir()
    place.chmod(FOLDER_MODE)


def _write(place: Path, content: bytes, *, executable: bool = False) -> None:
    place.write_bytes(content)
    place.chmod(0o755 if executable else 0o644)
