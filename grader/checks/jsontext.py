"""Compares JSON answers: what an author wants of one may be a part of it, and a hostile one may be anything."""

import json
import math
from dataclasses import dataclass
from typing import Any

SHOWN = 200  # characters of a value in a message


@dataclass(frozen=True, kw_only=True)
class Mismatch:
    """Where an answer leaves what was wanted: `fault` is "not-json", "missing", "length", "kind" or "value"."""

    fault: str
    place: str  # such as "$.items[0].name"
    expected: str
    got: str


class NotJson(ValueError):
    """A text is no JSON that can be read; its message says why."""


def parse(text: str) -> Any:  # noqa: ANN401 -- whatever JSON can hold
    """The value that the text stands for.

    :raises NotJson: it stands for none, or for one that is nested too deep or holds a number beyond reading
    """
    try:
        return json.loads(text.removeprefix("\ufeff"), parse_constant=_refuse)
    except RecursionError as error:
        raise NotJson("nested too deep") from error
    except ValueError as error:  # json's own, and that of a number with thousands of digits
        raise NotJson(str(error)) from error


def mismatch(wanted: object, text: str) -> Mismatch | None:
    """The first place at which the answer lacks what is wanted: tables may hold more, lists may not."""
    try:
        came = parse(text)
    except NotJson as error:
        return Mismatch(fault="not-json", place="$", expected="JSON", got=f"no JSON: {error}")
    return _differs(wanted, came, "$")


def _differs(wanted: object, came: object, place: str) -> Mismatch | None:
    # As deep as the author's own value, which was parsed when the exercise was read.
    if isinstance(wanted, dict) and isinstance(came, dict):
        return _table_differs(wanted, came, place)
    if isinstance(wanted, list) and isinstance(came, list):
        if len(wanted) != len(came):
            expected, got = f"a list of {len(wanted)}", f"a list of {len(came)}"
            return Mismatch(fault="length", place=place, expected=expected, got=got)
        pairs = enumerate(zip(wanted, came, strict=True))
        differences = (_differs(one, other, f"{place}[{number}]") for number, (one, other) in pairs)
        return next(filter(None, differences), None)
    if _kind(wanted) != _kind(came):
        return Mismatch(fault="kind", place=place, expected=shown(wanted), got=f"{shown(came)}, {_kind(came)}")
    if wanted != came and not _close(wanted, came):
        return Mismatch(fault="value", place=place, expected=shown(wanted), got=shown(came))
    return None


def _close(wanted: object, came: object) -> bool:
    """Whether two numbers are one but for the order in which it was computed: 98.60000000000001 is 98.6."""
    if not isinstance(wanted, int | float) or not isinstance(came, int | float):
        return False
    if isinstance(wanted, int) and isinstance(came, int):
        return False
    try:
        return math.isclose(wanted, came, rel_tol=1e-9)
    except OverflowError:  # an integer beyond what a float holds
        return False


def _table_differs(wanted: dict[str, Any], came: dict[str, Any], place: str) -> Mismatch | None:
    for key, value in wanted.items():
        inside = f"{place}.{key}"
        if key not in came:
            there = f"there are {shown(list(came))}" if came else "the object is empty"
            return Mismatch(fault="missing", place=inside, expected=shown(value), got=f"missing: {there}")
        if differs := _differs(value, came[key], inside):
            return differs
    return None


def _kind(value: object) -> str:
    # True equals 1 in Python, and a client that reads JSON tells them apart; 1 and 1.0 are one number to both.
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, int | float):
        return "a number"
    return {str: "a string", list: "a list", type(None): "null"}.get(type(value), "an object")


def shown(value: object) -> str:
    """The value as JSON on one line, cut where it is long."""
    try:
        text = json.dumps(value, ensure_ascii=False)
    except (RecursionError, ValueError):  # deeper than json writes, or a number longer than Python spells out
        text = f"{_kind(value)}, nested too deep to show"
    return text if len(text) <= SHOWN else f"{text[:SHOWN]} …"


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")
