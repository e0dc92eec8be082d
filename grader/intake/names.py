"""Names inside an archive: which could leave the folder, and which would be one file on some system."""

import os
import re
import unicodedata

from grader.errors import SubmissionError
from grader.render.clean import one_line

NAME_LIMIT = 255  # bytes of one name: no file system takes a longer one
PATH_LIMIT = 1_000  # bytes of a name with its folders
SHOWN = 80  # characters of a file's name in a message
SOURCE_SHOWN = 300  # of where it lay

WINDOWS = os.name == "nt"
DRIVE = re.compile(r"[A-Za-z]:")
# Controls, lone surrogates (bytes that are no UTF-8), and what turns the writing direction.
UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
# On Windows these open a device, name a second stream of a file, or lose their last character.
UNFIT_ON_WINDOWS = re.compile(r'(?i)(con|prn|aux|nul|com\d|lpt\d)(\.|$)|.*([<>:"|?*]|[. ]$)')

Parts = tuple[str, ...]  # a path, folder by folder


def unfit(name: str, parts: Parts, depth: int) -> str:
    """What is wrong with a name, and the next step; nothing where it names one place inside the folder."""
    if name.startswith("/") or DRIVE.match(name):
        return "is an absolute path: pack the folder itself, by its own name"
    if ".." in parts:
        return "leads out of the folder: pack the folder itself, by its own name"
    if "\\" in name or UNFIT.search(name):
        return "has a character in its name that no file needs: rename it"
    if WINDOWS and any(map(UNFIT_ON_WINDOWS.match, parts)):
        return "has a name that Windows cannot keep: rename it"
    if len(parts) > depth:
        return f"lies more than {depth} folders deep: hand in your own work only"
    if any(len(part.encode()) > NAME_LIMIT for part in parts) or len(name.encode()) > PATH_LIMIT:
        return "has a name that is too long: rename it"
    return ""


def shown(name: str, width: int = SHOWN) -> str:
    """A name of a file, or of an archive, for a message."""
    return one_line(name, width=width)


def folded(text: str) -> str:
    """The form that two names have in common where a system that knows no case, or one form of an accent, keeps one."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", text).casefold())


class Names:
    """The paths so far, no two of which are one file on any system."""

    def __init__(self) -> None:
        self._known: dict[Parts, tuple[Parts, bool]] = {}

    def __len__(self) -> int:
        return len(self._known)

    def add(self, parts: Parts, *, is_folder: bool) -> None:
        """Add a path with the folders that it lies in.

        :raises SubmissionError: it is there already, under this name or one like it
        """
        key: Parts = ()
        for end, part in enumerate(parts, start=1):
            key, path, folder = (*key, folded(part)), parts[:end], is_folder or end < len(parts)
            if key not in self._known:
                self._known[key] = path, folder
                continue
            first, was_folder = self._known[key]
            name = shown("/".join(path))
            if first != path:
                raise SubmissionError(f"{name} and {shown('/'.join(first))} are one on many systems: rename one")
            if folder != was_folder:
                raise SubmissionError(f"{name} is there as a file and as a folder: keep one")
            if not folder:
                raise SubmissionError(f"{name} is there twice: keep one")
