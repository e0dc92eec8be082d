"""Keys: what a student is called in file names, in the store and on command lines, whatever they are called besides."""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from grader.intake.names import UNFIT_ON_WINDOWS

LENGTH = 60
DIGITS = 8  # of a digest, where a key alone would not tell two apart
UNKEYED = re.compile(r"[^A-Za-z0-9._]+")


def safe(text: str) -> str:
    """The text as a key: ASCII letters, digits, ".", "_" and "-", neither hidden nor an option, and never empty."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    key = UNKEYED.sub("-", plain).lstrip(".-")[:LENGTH].rstrip(".-")
    if not key:
        return f"student-{_digest(text)}"
    return f"student-{key}" if UNFIT_ON_WINDOWS.match(key) else key


def unique(texts: Sequence[str], taken: Sequence[str] = ()) -> list[str]:
    """A key for each of these different texts; where two would be one, each has a digest of its text added.

    None of them is one of those `taken`, nor differs from another in its case alone.
    """
    keys = [safe(text) for text in texts]
    count = Counter(key.casefold() for key in (*keys, *taken))
    return [
        key if count[key.casefold()] == 1 else f"{key}-{_digest(text)}" for key, text in zip(keys, texts, strict=True)
    ]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:DIGITS]
