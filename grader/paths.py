"""Where the course and its built pages lie, and how a path is named most shortly."""

import contextlib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EXERCISES = ROOT / "exercises"
BOOK = ROOT / "_build" / "html"


def from_here(path: Path) -> Path:
    """The path as it is named most shortly from the working directory, for the commands of a report."""
    with contextlib.suppress(OSError, ValueError):
        return path.relative_to(Path.cwd())
    return path
