"""Reads our TOML files strictly: what is wrong is named with its line, and with the nearest right word."""

import difflib
import re
import threading
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec

from grader.errors import SpecError
from grader.places import line_of, steps_of, value_at

T = TypeVar("T")

# msgspec looks into a type when it meets it first; two threads that do so at the same moment end the whole process
# (seen with 0.22.0, six threads and this exercise file: about every second time).
CONVERTING = threading.Lock()

# What msgspec says of a value: the fault, then the place, such as "$.checks[2].status".
MESSAGE = re.compile(r"^(?P<fault>.*?)(?: - at `(?P<place>\$.*)`)?$", re.DOTALL)
UNKNOWN = re.compile(r"^Object contains unknown field `(?P<key>[^`]*)`$")
MISSING = re.compile(r"^Object missing required field `(?P<key>[^`]*)`$")
ENUM = re.compile(r"^Invalid enum value (?P<value>.*)$", re.DOTALL)
TAG = re.compile(r"^Invalid value '(?P<value>.*)'$", re.DOTALL)
PLAIN_KEY = re.compile(r"[\w-]+")
ANY_KEY = "[...]"  # how msgspec writes a key of a table whose keys are free
TOML_PLACE = re.compile(r"^(?P<fault>.*) \(at (?:line (?P<line>\d+), column \d+|end of document)\)$", re.DOTALL)
NOUNS = {"checks": "check", "diagnosis": "diagnosis"}  # lists of tables, and what one of them is called


@dataclass(frozen=True, kw_only=True)
class Spec(Generic[T]):
    """A file's value, with the text it came from, so that a later fault can still name its line."""

    path: Path
    text: str
    value: T

    def error(self, place: str, fault: str) -> SpecError:
        """The error for a fault at `place`, written as msgspec writes it."""
        return SpecError(f"{self.path}:{line_of(self.text, place)}: {fault}")


def read(path: Path, kind: type[T]) -> Spec[T]:
    """Read `path` as a `kind`.

    :raises SpecError: the file cannot be read, is not TOML, or does not fit
    """
    text = _text(path)
    data = _parse(path, text)
    if not data:
        raise SpecError(f"{path}:1: the file {'holds comments alone' if text.strip() else 'is empty'}")
    try:
        with CONVERTING:
            value = msgspec.convert(data, kind)
        return Spec(path=path, text=text, value=value)
    except msgspec.ValidationError as error:
        place, fault = _explain(str(error), data, kind)
        raise SpecError(f"{path}:{line_of(text, place)}: {' '.join(fault.split())}") from error


def nearest(word: str, known: Iterable[str], *, cutoff: float = 0.5) -> str:
    """The known word that `word` most likely stands for, or nothing; `cutoff` as for difflib, 1 for the word itself."""
    return next(iter(difflib.get_close_matches(word, list(known), n=1, cutoff=cutoff)), "")


def _text(path: Path) -> str:
    try:
        # Some editors write a byte order mark, which TOML does not know.
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except OSError as error:
        raise SpecError(f"{path}: cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        byte = error.object[error.start]
        raise SpecError(f"{path}:{line}: not UTF-8 (byte 0x{byte:02x}): save the file as UTF-8") from error


def _parse(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise SpecError(f"{path}: not TOML that can be read: nested too deep") from error
    except ValueError as error:  # tomllib's own, and that of a number with thousands of digits
        found = TOML_PLACE.match(str(error))
        fault = found["fault"] if found else str(error)
        line = found["line"] if found and found["line"] else len(text.rstrip().split("\n"))
        raise SpecError(f"{path}:{line}: not TOML: {fault[:1].lower()}{fault[1:]}") from error


def _explain(message: str, data: dict[str, Any], kind: type) -> tuple[str, str]:
    """The place of a fault that msgspec found, and the fault in the words of the file's author."""
    found = MESSAGE.match(message)
    fault, place = (found["fault"], found["place"] or "$") if found else (message, "$")
    place = _with_key(place, data, kind)
    name = _spoken(place, data)
    if unknown := UNKNOWN.match(fault):
        key = unknown["key"]
        guess = nearest(key, _keys(_type_at(place, data, kind)))
        return f"{place}.{key}", f"unknown key {key!r}" + (f", did you mean {guess!r}?" if guess else "")
    if missing := MISSING.match(fault):
        return place, f"{name}: the key {missing['key']!r} is missing".removeprefix(": ")
    if (wrong := TAG.match(fault)) and place.endswith(".kind"):
        kinds = sorted(str(each.tag) for each in _structs(_type_at(place.removesuffix(".kind"), data, kind)))
        guess = nearest(wrong["value"], kinds)
        hint = f"did you mean {guess!r}?" if guess else f"the kinds are {', '.join(kinds)}"
        return place, f"unknown kind {wrong['value']!r}, {hint}"
    if (wrong := ENUM.match(fault)) and (known := _literals(_type_at(place, data, kind))):
        return place, f"{name} = {wrong['value']}: this grader reads {known}"
    fault = f"{name}: {fault[:1].lower()}{fault[1:]}".removeprefix(": ").replace("`object`", "`table`")
    table = place.removeprefix("$.")
    if table in NOUNS and isinstance(data.get(table), dict):
        fault += f": write [[{table}]]"
    return place, fault


def _with_key(place: str, data: dict[str, Any], kind: type) -> str:
    """The place with the key at fault in it: the first that does not fit when it is the only one of its table."""
    head, free, tail = place.partition(ANY_KEY)
    if not free:
        return place
    table = value_at(data, steps_of(head))
    rows = dict(table)
    for key, row in rows.items():
        table.clear()
        table[key] = row
        try:
            with CONVERTING:
                msgspec.convert(data, kind)
        except msgspec.ValidationError:
            break
    table.update(rows)
    # A quoted key may hold a dot, which a place could not tell from its own: then the table is named.
    return f"{head}.{key}{tail.replace(ANY_KEY, '')}" if PLAIN_KEY.fullmatch(key) else head


def _spoken(place: str, data: dict[str, Any]) -> str:
    """The place as its author would say it: "check 'greets': status" for "$.checks[0].status"."""
    found = re.match(rf"^\$\.({'|'.join(NOUNS)})\[(\d+)\]\.?(.*)$", place)
    if not found:
        return place.removeprefix("$").removeprefix(".")
    noun, number = NOUNS[found[1]], int(found[2])
    name = value_at(data, [found[1], number, "id"])
    row = f"{noun} {name!r}" if name and isinstance(name, str) else f"the {_ordinal(number + 1)} {noun}"
    return f"{row}: {found[3]}" if found[3] else row


def _ordinal(number: int) -> str:
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _type_at(place: str, data: Any, kind: type) -> msgspec.inspect.Type:  # noqa: ANN401 -- whatever TOML can hold
    """What was expected at a place; of several kinds, that which the table there names."""
    info = msgspec.inspect.type_info(kind)
    for step in steps_of(place):
        data = data[step]
        if isinstance(info, msgspec.inspect.StructType):
            info = next(field.type for field in info.fields if field.encode_name == step)
        else:
            info = getattr(info, "item_type", None) or info.value_type  # type: ignore[attr-defined]
        if isinstance(info, msgspec.inspect.UnionType) and isinstance(data, dict):
            info = next((each for each in _structs(info) if each.tag == data.get("kind")), info)
    return info


def _structs(info: msgspec.inspect.Type) -> list[msgspec.inspect.StructType]:
    return [each for each in getattr(info, "types", (info,)) if isinstance(each, msgspec.inspect.StructType)]


def _keys(info: msgspec.inspect.Type) -> set[str]:
    return {field.encode_name for struct in _structs(info) for field in struct.fields} | {
        str(struct.tag_field) for struct in _structs(info) if struct.tag_field
    }


def _literals(info: msgspec.inspect.Type) -> str:
    """The values that a key with a closed set of them may have."""
    literals = [each for each in getattr(info, "types", (info,)) if isinstance(each, msgspec.inspect.LiteralType)]
    return " or ".join(repr(value) for each in literals for value in each.values)
