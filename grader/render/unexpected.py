"""Says in one line what an exception means that nobody foresaw, and what to do about it."""

import tempfile
from pathlib import Path

NOT_INSTALLED = (
    "the grader's packages are not in this Python: use `make grade`, or `python -m pip install -r requirements.txt`"
)
NO_HOME = "you have no home folder here: set HOME to a folder of yours"
NO_STATE = "set XDG_STATE_HOME to a folder that you may write to"
NO_TEMPORARY = "set TMPDIR to a folder that you may write to, with room in it"


def describe(error: Exception, *, again: str) -> str:
    """One line for whoever meets it; `again` is the command that shows where it came from."""
    if isinstance(error, ModuleNotFoundError) and not (error.name or "").startswith("grader"):
        return NOT_INSTALLED
    if isinstance(error, RuntimeError) and "home directory" in str(error):
        return NO_HOME
    if isinstance(error, OSError) and error.strerror:
        return f"{_place(error)}{error.strerror}; {_next_step(error)}"
    return f"a bug in the grader: {error!r}; `{again}` shows where"


def _place(error: OSError) -> str:
    return f"{error.filename}: " if error.filename is not None else ""


def _next_step(error: OSError) -> str:
    if error.filename is None:
        # Python's own words, when it has tried every folder that it knows.
        return NO_TEMPORARY if "temporary" in str(error.strerror) else "mend that, and run it again"
    path = Path(str(error.filename))
    if _below(path, _state_folder()):
        return NO_STATE
    return NO_TEMPORARY if _below(path, _temporary_folder()) else "mend that, and run it again"


def _below(path: Path, folder: Path | None) -> bool:
    """Whether the path is in the folder, or is one of those that it lies in."""
    return folder is not None and (path.is_relative_to(folder) or folder.is_relative_to(path))


def _state_folder() -> Path | None:
    from grader.engine.command import state_folder

    try:
        return state_folder()
    except (OSError, RuntimeError):
        return None


def _temporary_folder() -> Path | None:
    try:
        return Path(tempfile.gettempdir())
    except OSError:
        return None
