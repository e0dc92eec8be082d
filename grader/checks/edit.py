"""An edit of a file that was handed in, new in every build: no layer of an earlier run can answer for it."""

from collections.abc import Mapping
from pathlib import PurePosixPath

from grader.words import fill

# How a line that changes nothing is written, by the ending of a file's name.
COMMENTS = {
    ".py": "# {}",
    ".sh": "# {}",
    ".toml": "# {}",
    ".yaml": "# {}",
    ".yml": "# {}",
    ".cfg": "# {}",
    ".ini": "# {}",
    ".conf": "# {}",
    ".env": "# {}",
    ".js": "// {}",
    ".css": "/* {} */",
    ".html": "<!-- {} -->",
    ".md": "<!-- {} -->",
    ".sql": "-- {}",
}
REQUIREMENTS = ("requirements", "constraints")  # a .txt of that name knows comments, and another may not
NONCE = "nonce"  # the placeholder for what makes an edit new


def comment(name: str) -> str:
    """How a comment is written in the file of that name, or nothing where that is not known."""
    path = PurePosixPath(name)
    if path.suffix == ".txt" and path.name.startswith(REQUIREMENTS):
        return "# {}"
    return COMMENTS.get(path.suffix or (path.name if path.name.startswith(".") else ""), "")


def new_in_every_build(name: str, text: str) -> bool:
    """Whether an edit that puts `text` into the file is told from every other: by a comment, or by its {nonce}."""
    return bool(comment(name)) or f"{{{NONCE}}}" in text


def edited(name: str, content: bytes, values: Mapping[str, str], *, append: str) -> bytes:
    """The content with `append` behind it, and below that a comment that no other build has had."""
    lines = [fill(append, values)] if append else []
    lines += [comment(name).format(f"edited: {values[NONCE]}")] if comment(name) else []
    end = b"" if not content or content.endswith(b"\n") else b"\n"
    return content + end + "".join(line if line.endswith("\n") else f"{line}\n" for line in lines).encode()
