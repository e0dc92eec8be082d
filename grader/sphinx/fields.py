"""The fields of a struct as an author of files sees them: name, type, default, and the comment beside each."""

import ast
import inspect
import io
import json
import re
import textwrap
import tokenize
from dataclasses import dataclass
from typing import Any

import msgspec

from grader.checks import Check

NOQA = re.compile(r"^noqa(?:: *[A-Z0-9, ]+)?(?: -- .*)?$")
PLAIN = {
    msgspec.inspect.BoolType: ("true or false", "truth values"),
    msgspec.inspect.FloatType: ("number", "numbers"),
    msgspec.inspect.IntType: ("whole number", "whole numbers"),
    msgspec.inspect.StrType: ("text", "texts"),
}


@dataclass(frozen=True, kw_only=True)
class Field:
    """A key that a file may have."""

    name: str
    type: str  # in words; what stands in backquotes is code
    structs: tuple[str, ...]  # the structs among its types
    default: str | None  # as TOML writes it; nothing where it may be left out, None where it may not
    meaning: str


def fields(struct: type[msgspec.Struct]) -> tuple[Field, ...]:
    """The fields that the struct itself declares; those of the structs that it builds on are theirs to tell."""
    said = comments(struct)
    info = msgspec.inspect.type_info(struct)
    assert isinstance(info, msgspec.inspect.StructType)  # noqa: S101 -- for mypy
    names = {field.name: field for field in info.fields}
    return tuple(_field(names[name], said[name]) for name in said if name in names)


def comments(struct: type[msgspec.Struct]) -> dict[str, str]:
    """What stands beside each field that the struct itself declares, in their order; nothing where nothing does."""
    source = textwrap.dedent(inspect.getsource(struct))
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    beside = {token.start[0]: token.string for token in tokens if token.type == tokenize.COMMENT}
    body = next(node for node in ast.parse(source).body if isinstance(node, ast.ClassDef)).body
    return {
        line.target.id: _said(beside.get(line.end_lineno or 0, ""))
        for line in body
        if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name)
    }


def _said(comment: str) -> str:
    text = comment.removeprefix("#").strip()
    return "" if NOQA.match(text) else text


def _field(field: msgspec.inspect.Field, meaning: str) -> Field:
    return Field(
        name=field.encode_name,
        type=_words(field.type)[0],
        structs=tuple(dict.fromkeys(_structs(field.type))),
        default=None if field.required else _default(field),
        meaning=meaning,
    )


def _words(info: msgspec.inspect.Type) -> tuple[str, str]:
    """The type in words, for one and for several."""
    if plain := PLAIN.get(type(info)):
        return plain
    if isinstance(info, msgspec.inspect.LiteralType):
        choice = " or ".join(f"`{json.dumps(value)}`" for value in info.values)
        return choice, choice
    if isinstance(info, msgspec.inspect.StructType):
        return "table", "tables"
    if isinstance(info, msgspec.inspect.VarTupleType):
        many = _words(info.item_type)[1]
        return f"list of {many}", f"lists of {many}"
    if isinstance(info, msgspec.inspect.TupleType):
        many = _words(info.item_types[0])[1]
        return f"list of {len(info.item_types)} {many}", f"lists of {len(info.item_types)} {many}"
    if isinstance(info, msgspec.inspect.DictType):
        many = _words(info.value_type)[1]
        return f"table of {many}", f"tables of {many}"
    if isinstance(info, msgspec.inspect.UnionType):
        some = [_words(each) for each in info.types if not isinstance(each, msgspec.inspect.NoneType)]
        one, many = (" or ".join(dict.fromkeys(each)) for each in zip(*some, strict=True))
        return one, many
    raise TypeError(f"no words for {info}")


def _structs(info: msgspec.inspect.Type) -> list[str]:
    if isinstance(info, msgspec.inspect.StructType):
        return [] if issubclass(info.cls, Check) else [info.cls.__name__]  # a check has a section, by its kind
    inner = [getattr(info, name, None) for name in ("item_type", "value_type")]
    inner += [*getattr(info, "types", ()), *getattr(info, "item_types", ())]
    return [name for each in inner if isinstance(each, msgspec.inspect.Type) for name in _structs(each)]


def _default(field: msgspec.inspect.Field) -> str:
    value: Any = field.default
    if value is msgspec.NODEFAULT:
        value = field.default_factory()
    if value is None or value in ((), {}, "", []):
        return ""
    return json.dumps(value)
