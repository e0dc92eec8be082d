"""The record of a grading as JSON, for other programs; docs/reference/report.rst says what each key means."""

import json
from typing import Any

import msgspec

from grader.render.clean import UNSAFE
from grader.report import SCHEMA, Report


def record(report: Report) -> dict[str, Any]:
    """Every field of the report, and what follows from them, in an order that stays."""
    fields = msgspec.to_builtins(report)
    results = [
        {**values, "points": result.points} for values, result in zip(fields["results"], report.results, strict=True)
    ]
    summary = {
        "schema": SCHEMA,
        "outcome": report.outcome.value,
        "points": report.points,
        "max_points": report.max_points,
        "exit_code": report.exit_code,
    }
    return {**summary, **fields, "results": results}


def render(report: Report) -> str:
    """The record as text: UTF-8 throughout, and safe to print on a terminal."""
    return dumps(record(report))


def dumps(value: object) -> str:
    """Any value as such text; the keys stay in their order."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    return UNSAFE.sub(lambda match: _escaped(match[0]), text)


def _escaped(character: str) -> str:
    """JSON's own escape, which a reader turns back; only a lone surrogate, no character, is lost."""
    if "\ud800" <= character <= "\udfff":
        return "\ufffd"
    return json.dumps(character)[1:-1] if character > "\x7f" else f"\\u{ord(character):04x}"
