"""The forms that a class's gradebook is written in; each is imported when it is asked for."""

from collections.abc import Mapping
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


def _csv(gradebook: "Gradebook", folder: Path, options: Options) -> Written:
    from grader.render.gradebook.csv import draw

    return put(draw(gradebook, options), folder)


def _canvas(gradebook: "Gradebook", folder: Path, options: Options) -> Written:
    from grader.render.gradebook.canvas import draw

    return put(draw(gradebook, options), folder)


def _moodle(gradebook: "Gradebook", folder: Path, options: Options) -> Written:
    from grader.render.gradebook.moodle import draw

    return put(draw(gradebook, options), folder)


def _gradescope(gradebook: "Gradebook", folder: Path, options: Options) -> Written:
    from grader.render.gradebook.gradescope import draw

    return put(draw(gradebook, options), folder)


def _classroom50(gradebook: "Gradebook", folder: Path, options: Options) -> Written:
    from grader.render.gradebook.classroom50 import draw

    return put(draw(gradebook, options), folder)


def _actions(gradebook: "Gradebook", folder: Path, options: Options) -> Written:
    from grader.render.gradebook.actions import draw

    return put(draw(gradebook, options), folder)


def _junit(gradebook: "Gradebook", folder: Path, options: Options) -> Written:
    from grader.render.gradebook.junit import draw

    return put(draw(gradebook, options), folder)


def _feedback(gradebook: "Gradebook", folder: Path, options: Options) -> Written:
    from grader.render.gradebook.feedback import draw

    return put(draw(gradebook, options), folder)


def _html(gradebook: "Gradebook", folder: Path, options: Options) -> Written:
    from grader.render.gradebook.report import draw

    return put(draw(gradebook, options), folder)


FORMATS: Mapping[str, Format] = {
    "html": _html,
    "csv": _csv,
    "canvas": _canvas,
    "moodle": _moodle,
    "gradescope": _gradescope,
    "classroom50": _classroom50,
    "actions": _actions,
    "junit": _junit,
    "feedback": _feedback,
}
