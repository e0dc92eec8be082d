"""An exercise as bytes: its file and what stands beside it, so that every worker and every later day has the same."""

import contextlib
import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from grader.checks import Check, PythonCheck
from grader.exercise import FILE, Exercise, load
from grader.scratch import scratch_folder


class Kit(msgspec.Struct, frozen=True, kw_only=True):
    """One state of an exercise."""

    slug: str
    files: dict[str, bytes]  # exercise.toml, and the Python files of its own checks
    starter: dict[str, bytes] = {}  # what a student begins with: it changes no verdict

    @property
    def digest(self) -> str:
        told = hashlib.sha256(self.slug.encode())
        for name, content in sorted(self.files.items()):
            told.update(f"\0{name}\0{len(content)}\0".encode() + content)
        return told.hexdigest()


def pack(folder: Path) -> Kit:
    """The exercise that lies in `folder`.

    :raises SpecError: it is wrong
    """
    exercise = load(folder / FILE)
    modules = sorted({_module(check) for check in exercise.checks if isinstance(check, PythonCheck)})
    names = {path.relative_to(folder.resolve()).as_posix(): path for path in modules}
    files = {FILE: (folder / FILE).read_bytes()} | {name: path.read_bytes() for name, path in names.items()}
    starter = {name: (folder / name).read_bytes() for name in exercise.files if (folder / name).is_file()}
    return Kit(slug=folder.name, files=files, starter=starter)


def unpack(kit: Kit, folder: Path) -> Exercise:
    """Lay it out in an empty folder, and read it there."""
    for name, content in kit.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return load(folder / FILE)


@contextlib.contextmanager
def laid_out(kit: Kit) -> Iterator[Exercise]:
    """The exercise, in a folder that is there for as long: its own checks are read from it when they run."""
    with scratch_folder() as folder:
        yield unpack(kit, folder)


def check_keys(exercise: Exercise, kit: Kit) -> Mapping[str, str]:
    """For each check, what its result depends on beside the submission: where this is the same, so is the result."""
    frame = msgspec.structs.replace(exercise, title="", unit="", checks=())
    return {check.id: _key(frame, check, kit) for check in exercise.checks}


def _key(frame: Exercise, check: Check, kit: Kit) -> str:
    modules = b""
    if isinstance(check, PythonCheck):  # its function may use any of the files beside it
        modules = b"\0".join(content for name, content in sorted(kit.files.items()) if name != FILE)
        place = Path(check.function.rpartition(":")[0]).name
        check = msgspec.structs.replace(check, function=f"{place}:{check.function.rpartition(':')[2]}")
    # What is put in where a report is shown changes no verdict.
    check = msgspec.structs.replace(check, hints=("", "", ""), objective="", title="", points=0)
    told = msgspec.json.encode((frame, check), enc_hook=str)
    return hashlib.sha256(told + b"\0" + modules).hexdigest()


def _module(check: PythonCheck) -> Path:
    return Path(check.function.rpartition(":")[0])
