"""Says what an exchange asks for: in words for a rubric, and as the answer that was expected."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from grader.words import fill, fill_json

if TYPE_CHECKING:  # it imports this module
    from grader.checks.exchange import Exchange

Values = Mapping[str, str]


def wanted(exchange: "Exchange") -> list[str]:
    """Each assertion in words, its placeholders as they stand."""
    words = [f"status {' or '.join(map(str, exchange.statuses))}"] if exchange.statuses else []
    if exchange.body is not None:
        words.append(f"the body {literal(exchange.body)}")
    words += [f"{literal(text)} in the body" for text in exchange.contains]
    words += [f"no {literal(text)} in the body" for text in exchange.excludes]
    words += [f"a body that matches {each}" for each in exchange.matches]
    if exchange.answer_json:
        words.append(f"JSON that holds {' '.join(exchange.answer_json.split())}")
    words += [f"the header {name}: {value}" for name, value in exchange.answer_headers.items()]
    words += [f"no header {name}" for name in exchange.absent_headers]
    return words + [f"the cookie {_cookie(name, flags)}" for name, flags in exchange.cookies.items()]


def expected(exchange: "Exchange", values: Values) -> str:
    """What was expected, in the form in which `curl -i` shows an answer."""
    lines = head(exchange, values)
    lines += [f"no header {name}" for name in exchange.absent_headers]
    lines += [f"Set-Cookie: {_cookie(name, flags)}" for name, flags in exchange.cookies.items()]
    lines += [f"a body with {literal(fill(part, values))}" for part in exchange.contains]
    lines += [f"a body without {literal(fill(part, values))}" for part in exchange.excludes]
    lines += [f"a body that matches {fill(each, values)}" for each in exchange.matches]
    if exchange.answer_json:
        lines.append(f"JSON that holds {' '.join(fill_json(exchange.answer_json, values).split())}")
    if exchange.body is not None:
        lines += ["", fill(exchange.body, values)]
    return "\n".join(lines)


def head(exchange: "Exchange", values: Values) -> list[str]:
    """Status and headers, as lines."""
    lines = [" or ".join(map(str, exchange.statuses))] if exchange.statuses else []
    return lines + [f"{name}: {fill(value, values)}" for name, value in exchange.answer_headers.items()]


def literal(text: str) -> str:
    """The text in double quotes, as most languages write it."""
    return '"' + text.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"') + '"'


def _cookie(name: str, flags: tuple[str, ...]) -> str:
    return "; ".join([name, *flags])
