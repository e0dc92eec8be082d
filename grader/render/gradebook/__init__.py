"""The forms that a class's gradebook is written in; each is imported when it is asked for."""

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from grader.render.gradebook.options import Options
from grader.render.gradebook.writing import Written, put

if TYPE_CHECKING:
    from grader.batch.gradebook import Gradebook

__all__ = ["FORMATS", "Format", "Options", "Written"]


class Format(Protocol):
    """Writes its files below the folder, over those of an earlier time.

    :raises UsageError: an option is missing, or names a file that is not what it should be
    :raises GraderError: a file cannot be written
    """

    def __call__(self, gradebook: "Gradebook", folder: Path, options: Options) -> Written: ...


def _format(module: str) -> Format:
    """The format that a module of this package draws."""

    def write(gradebook: "Gradebook", folder: Path, options: Options) -> Written:
        draw = import_module(f"{__name__}.{module}").draw
        return put(draw(gradebook, options), folder)

    return write


MODULES = {
    "html": "report",
    "csv": "csv",
    "canvas": "canvas",
    "moodle": "moodle",
    "gradescope": "gradescope",
    "classroom50": "classroom50",
    "actions": "actions",
    "junit": "junit",
    "feedback": "feedback",
}
FORMATS: Mapping[str, Format] = {name: _format(module) for name, module in MODULES.items()}
