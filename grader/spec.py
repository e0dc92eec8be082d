"""Reads our TOML files strictly: what is wrong is named with its line, and with the nearest right word."""

import difflib
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

import msgspec

from grader.errors import SpecError

T = TypeVar("T")

# What msgspec says of a value: the fault, then the place, such as "$.checks[2].status".
MESSAGE = re.compile(r"^(?P<fault>.*?)(?: - at `(?P<place>\$.*)`)?$", re.DOTALL)
UNKNOWN = re.compile(r"^Object contains unknown field `(?P<key>[^`]*)`$")
TAG = re.compile(r"^Invalid value '(?P<value>.*)'$")
TOML_LINE = re.compile(r"^(?P<fault>.*) \(at line (?P<line>\d+), column \d+\)$")


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
    try:
        text = path.read_text(encoding="utf-8")
        data = tomllib.loads(text)
    except (OSError, UnicodeDecodeError) as error:
        raise SpecError(f"{path}: cannot be read: {error}") from error
    except tomllib.TOMLDecodeError as error:
        found = TOML_LINE.match(str(error))
        where, fault = (f":{found['line']}", found["fault"]) if found else ("", str(error))
        raise SpecError(f"{path}{where}: not TOML: {fault[0].lower()}{fault[1:]}") from error
    try:
        return Spec(path=path, text=text, value=msgspec.convert(data, kind))
    except msgspec.ValidationError as error:
        raise SpecError(f"{path}{_explain(str(error), text, kind)}") from error


def nearest(word: str, known: Iterable[str], *, cutoff: float = 0.5) -> str:
    """The known word that `word` most likely stands for, or nothing; `cutoff` as for difflib, 1 for the word itself."""
    return next(iter(difflib.get_close_matches(word, list(known), n=1, cutoff=cutoff)), "")


def line_of(text: str, place: str) -> int:
    """The line at which `place` ("$.checks[1].status") stands, or that of the table around it; 1 at worst.

    tomllib keeps no positions, so the tables' headers are counted: enough for files written one key a line.
    """
    lines = text.splitlines()
    start, end, tables = 0, len(lines), re.findall(r"\.(\w[\w-]*)(?:\[(\d+)\])?", place)
    line = 0
    for name, index in tables:
        pattern = rf"^\s*\[\[?\s*(?:[\w-]+\.)*{name}\s*\]\]?" if index or _is_table(lines, name) else rf"^\s*{name}\s*="
        hits = [number for number in range(start, end) if re.match(pattern, lines[number])]
        if len(hits) <= int(index or 0):
            break
        line = start = hits[int(index or 0)]
        if pattern.startswith(r"^\s*\["):
            start += 1
            end = next((n for n in range(start, end) if lines[n].lstrip().startswith("[")), end)
        else:
            break
    return line + 1


def _is_table(lines: list[str], name: str) -> bool:
    return any(re.match(rf"^\s*\[\s*{name}\s*\]", line) for line in lines)


def _explain(message: str, text: str, kind: type) -> str:
    found = MESSAGE.match(message)
    fault, place = (found["fault"], found["place"] or "$") if found else (message, "$")
    if unknown := UNKNOWN.match(fault):
        key = unknown["key"]
        guess = nearest(key, _keys(kind))
        return f":{line_of(text, f'{place}.{key}')}: unknown key {key!r}" + (
            f", did you mean {guess!r}?" if guess else ""
        )
    if (wrong := TAG.match(fault)) and place.endswith(".kind"):
        guess = nearest(wrong["value"], _tags(kind))
        hint = f"did you mean {guess!r}?" if guess else f"the kinds are {', '.join(sorted(_tags(kind)))}"
        return f":{line_of(text, place)}: unknown kind {wrong['value']!r}, {hint}"
    name = f"{place.removeprefix('$').removeprefix('.')}: " if place != "$" else ""
    return f":{line_of(text, place)}: {name}{fault[0].lower()}{fault[1:]}"


def _structs(kind: type) -> list[type[msgspec.Struct]]:
    """The struct itself and every struct that its fields lead to."""
    found: list[type[msgspec.Struct]] = []
    todo: list[object] = [msgspec.inspect.type_info(kind)]
    while todo:
        info = todo.pop()
        if isinstance(info, msgspec.inspect.StructType) and info.cls not in found:
            found.append(info.cls)
            todo += [field.type for field in info.fields]
        todo += list(getattr(info, "types", ()))
        todo += [item for item in (getattr(info, "item_type", None),) if item is not None]
    return found


def _keys(kind: type) -> set[str]:
    return {name for struct in _structs(kind) for name in struct.__struct_encode_fields__} | {"kind"}


def _tags(kind: type) -> set[str]:
    return {str(struct.__struct_config__.tag) for struct in _structs(kind) if struct.__struct_config__.tag}
