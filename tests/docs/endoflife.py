"""Image tags and the day their support ends."""

import datetime
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

TABLE = Path(__file__).with_name("eol.toml")
AHEAD = datetime.timedelta(days=90)
# Releases that other images carry in their tags, such as python:3.13-slim-bullseye.
BASES = ("debian", "ubuntu")
DATES: Mapping[str, Mapping[str, datetime.date]] = tomllib.loads(TABLE.read_text())
REFERENCE = re.compile(rf"(?<![\w.-])(?P<image>{'|'.join(DATES)}):(?P<tag>\w[\w.-]*)")


def ends(text: str) -> Iterator[tuple[str, datetime.date]]:
    """Each image reference in a text whose end is known, with that day."""
    for match in REFERENCE.finditer(text):
        tag = match["tag"].rstrip(".-")
        days = [*_of_tag(match["image"], tag), *_of_base(tag)]
        if days:
            yield f"{match['image']}:{tag}", min(days)


def _of_tag(image: str, tag: str) -> Iterator[datetime.date]:
    versions = DATES[image]
    fitting = [key for key in versions if tag == key or tag.startswith((f"{key}.", f"{key}-"))]
    if fitting:
        yield versions[max(fitting, key=len)]


def _of_base(tag: str) -> Iterator[datetime.date]:
    for part in tag.split("-")[1:]:
        for base in BASES:
            if part.isalpha() and part in DATES[base]:
                yield DATES[base][part]
