"""Where in a TOML file a value stands, for places written as msgspec writes them: "$.checks[1].status"."""

import re
import tomllib
from collections.abc import Sequence
from typing import Any

STEP = re.compile(r"\.([\w-]+)|\[(\d+)\]")


def line_of(text: str, place: str) -> int:
    """The line at which `place` ("$.checks[1].status") begins, or what is there of the tables around it; 1 at worst.

    tomllib keeps no positions, so it is given the text line by line: the first part of it that is whole and holds the
    place ends there, and the place begins where the last whole part without it ended.
    """
    steps, whole = steps_of(place), tomllib.loads(text)
    while not _holds(whole, steps):
        steps.pop()
    lines, begin = text.split("\n"), 0
    for end in range(1, len(lines) + 1):
        try:
            part = tomllib.loads("\n".join(lines[:end]))
        except tomllib.TOMLDecodeError:  # it ends inside a value of several lines
            continue
        if _holds(part, steps):
            return begin + 1
        begin = end
    return 1


def steps_of(place: str) -> list[str | int]:
    """The names and numbers that lead to a place."""
    return [int(index) if index else name for name, index in STEP.findall(place)]


def value_at(data: Any, steps: Sequence[str | int]) -> Any:  # noqa: ANN401 -- whatever TOML can hold
    """What stands at the end of the steps; None where they lead nowhere, since TOML has no None of its own."""
    for step in steps:
        try:
            data = data[step]
        except (LookupError, TypeError):
            return None
    return data


def _holds(data: dict[str, Any], steps: Sequence[str | int]) -> bool:
    return value_at(data, steps) is not None
