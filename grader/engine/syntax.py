"""Takes the syntax directive out of a Dockerfile: it would fetch and run a frontend of the student's choice."""

import codecs
import itertools
import re
from pathlib import Path

DIRECTIVE = re.compile(rb"[ \t]*(?:#|//)[ \t]*(?P<name>[a-zA-Z][a-zA-Z0-9]*)[ \t]*=.*")
OURS = b"# (the grader builds with its own syntax)\n"


def neutralize(dockerfile: Path) -> None:
    """Take out the syntax directives, in place.

    Any comment ends the block of directives, so ours goes behind the last one; the lines below keep their numbers.
    """
    lines = dockerfile.read_bytes().splitlines(keepends=True)
    mark = codecs.BOM_UTF8 if lines and lines[0].startswith(codecs.BOM_UTF8) else b""
    lines[:1] = [line.removeprefix(mark) for line in lines[:1]]
    start = 1 if lines and lines[0].startswith(b"#!") else 0
    found = list(itertools.takewhile(lambda line: DIRECTIVE.match(line), lines[start:]))
    kept = [line for line in found if DIRECTIVE.match(line)["name"].lower() != b"syntax"]  # type: ignore[index]
    if len(kept) < len(found):
        ours = [OURS] * (len(found) - len(kept))
        dockerfile.write_bytes(mark + b"".join([*lines[:start], *kept, *ours, *lines[start + len(found) :]]))
