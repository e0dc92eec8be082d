"""Tells by the names in a class's folder which platform made it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.intake.gradescope import FOLDER, METADATA
from grader.intake.layout import Layout
from grader.intake.names import shown
from grader.intake.platforms import CANVAS, CLASSROOM_CLONES, CLASSROOM_DOWNLOAD, MOODLE, assignment


@dataclass(frozen=True, kw_only=True)
class Recognised:
    """A layout, and what it was recognised by."""

    layout: Layout
    evidence: str


def recognise(entries: Sequence[Path]) -> Recognised:
    """Tell by the names of what lies in a class's folder how it was made."""
    found = [path.name for path in entries]
    if METADATA in found:
        return Recognised(layout=Layout.GRADESCOPE, evidence=f"by {METADATA}")
    for layout, pattern in ((Layout.MOODLE, MOODLE), (Layout.GRADESCOPE, FOLDER), (Layout.CANVAS, CANVAS)):
        fitting = [name for name in found if pattern.fullmatch(name)]
        # A class's folder may hold a file or two of the instructor's beside them.
        if 2 * len(fitting) > len(found):
            evidence = f"by {len(fitting)} of {len(found)} names, such as {shown(fitting[0])}"
            return Recognised(layout=layout, evidence=evidence)
    if entries and (evidence := _classroom(entries)):
        return Recognised(layout=Layout.CLASSROOM, evidence=evidence)
    return Recognised(layout=Layout.PLAIN, evidence="no platform's names")


def _classroom(entries: Sequence[Path]) -> str:
    around, folders = entries[0].absolute().parent.name, [path for path in entries if path.is_dir()]
    if CLASSROOM_DOWNLOAD.fullmatch(around) and folders:
        return f"by the folder's name, {shown(around)}"
    if (clones := CLASSROOM_CLONES.fullmatch(around)) and folders:
        prefix = f"{clones['assignment']}-"
        if all(path.name.startswith(prefix) for path in folders):
            return f"by the folder's name, {shown(around)}"
    if len(folders) > 1 and all((path / ".git").exists() for path in folders) and (prefix := assignment(folders)):
        return f"by {len(folders)} clones whose names begin with {shown(prefix)}"
    return ""
