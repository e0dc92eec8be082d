"""What an author got wrong in an exchange, so that it is found before a student meets it."""

from collections.abc import Iterator, Set
from http import HTTPStatus
from typing import TYPE_CHECKING

from grader.checks import jsontext, pattern
from grader.checks.request import header_faults, method_fault, path_fault
from grader.spec import nearest
from grader.words import KNOWN, PLACEHOLDER, fill, placeholders, slips

if TYPE_CHECKING:  # it imports this module
    from grader.checks.exchange import Exchange

Faults = Iterator[tuple[str, str]]
BODIES = ("data", "form", "json")
ASSERTIONS = (
    "status",
    "body",
    "contains",
    "excludes",
    "matches",
    "answer_json",
    "answer_headers",
    "absent_headers",
    "cookies",
)
OF_THE_BODY = ("body", "contains", "matches", "answer_json")  # each needs a body that holds something
FLAGS = ("HttpOnly", "Secure", "SameSite", "Path", "Domain", "Max-Age", "Expires", "Partitioned")
SAME_SITE = ("Lax", "Strict", "None")
BODILESS = (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)


def exchange_faults(exchange: "Exchange", known: Set[str]) -> Faults:
    """Each fault with the field that it is in, or nothing where it is in no one field."""
    if not any(getattr(exchange, name) not in (None, "", (), {}) for name in ASSERTIONS) and exchange.body is None:
        yield "", f"asserts nothing and can never fail: add {', '.join(ASSERTIONS[:-1])} or {ASSERTIONS[-1]}"
    yield from _request_faults(exchange, known - KNOWN)
    yield from _head_faults(exchange)
    yield from _body_faults(exchange)
    yield from _placeholder_faults(exchange, known)


def _request_faults(exchange: "Exchange", captured: Set[str]) -> Faults:
    # A session's step may follow a Location that was captured: it brings its own /.
    first = PLACEHOLDER.match(exchange.path)
    follows = first is not None and first[1] in captured
    if fault := path_fault("path", f"/{exchange.path}" if follows else exchange.path):
        yield "path", fault
    if exchange.method is not None and (fault := method_fault(exchange.method)):
        yield "method", fault
    yield from (("headers", fault) for fault in header_faults("headers", exchange.headers))
    bodies = [name for name in BODIES if getattr(exchange, name)]
    if len(bodies) > 1:
        yield bodies[1], f"{bodies[0]} and {bodies[1]} are both the body of the request: choose one"
    if bodies and exchange.verb in ("GET", "HEAD"):
        yield bodies[0], f"{bodies[0]} is a body, and {exchange.verb} sends none: take method out, and it is a POST"
    if exchange.json and (fault := _json_fault(exchange.json)):
        yield "json", f"json is no JSON: {fault}"
    for name in ("query", "form"):
        if "" in getattr(exchange, name):
            yield name, f"{name}: the name of a field is empty"


def _head_faults(exchange: "Exchange") -> Faults:
    for status in exchange.statuses:
        if not 100 <= status <= 599:
            yield "status", f"status = {status} is not between 100 and 599"
    yield from (("answer_headers", fault) for fault in header_faults("answer_headers", exchange.answer_headers))
    absent = dict.fromkeys(exchange.absent_headers, "")
    yield from (("absent_headers", fault) for fault in header_faults("absent_headers", absent))
    for name in {each.lower() for each in exchange.answer_headers} & {each.lower() for each in absent}:
        yield "absent_headers", f"absent_headers: {name!r} is among answer_headers too: nothing could pass"
    for name, flags in exchange.cookies.items():
        yield from (("cookies", f"cookies: {name}: {fault}") for flag in flags if (fault := _flag_fault(flag)))


def _flag_fault(flag: str) -> str:
    name, equals, value = flag.partition("=")
    if name not in FLAGS:
        guess = nearest(name.lower(), [each.lower() for each in FLAGS])
        meant = next((each for each in FLAGS if each.lower() == guess), "")
        return f"unknown flag {flag!r}" + (f", did you mean {meant!r}?" if meant else f": they are {', '.join(FLAGS)}")
    if name in ("HttpOnly", "Secure", "Partitioned") and equals:
        return f"{name!r} has no value: leave out {equals + value!r}"
    if name == "SameSite" and equals and value not in SAME_SITE:
        return f"{flag!r}: SameSite is {', '.join(SAME_SITE[:-1])} or {SAME_SITE[-1]}"
    return ""


def _body_faults(exchange: "Exchange") -> Faults:
    for name in ("contains", "excludes", "matches"):
        if "" in getattr(exchange, name):
            yield name, f"{name}: an empty text is in every body: leave it out"
    for unwanted in filter(None, exchange.excludes):
        if any(unwanted in wanted for wanted in (*exchange.contains, exchange.body or "")):
            yield "excludes", f"excludes {unwanted!r}, which body or contains asks for: nothing could pass"
    for each in filter(None, exchange.matches):
        if fault := pattern.fault(each):
            yield "matches", f"matches: {each!r} {fault}"
    if exchange.answer_json:
        if fault := _json_fault(exchange.answer_json):
            yield "answer_json", f"answer_json is no JSON: {fault}"
        if exchange.body is not None:
            yield "answer_json", "body and answer_json both say what the whole body is: choose one"
    if exchange.body is not None:
        for part in exchange.contains:
            if part not in exchange.body:
                yield "contains", f"contains {part!r}, which body does not hold: nothing could pass"
    asserted = [name for name in OF_THE_BODY if getattr(exchange, name)]
    if asserted and exchange.verb == "HEAD":
        yield asserted[0], f"{asserted[0]}: an answer to HEAD has no body: nothing could pass"
    if asserted and exchange.statuses and set(exchange.statuses) <= set(BODILESS):
        yield (
            asserted[0],
            f"{asserted[0]}: an answer with status {exchange.statuses[0]} has no body: nothing could pass",
        )


def _json_fault(text: str) -> str:
    try:
        # What was captured may be a number; a word never is, and needs its quotes.
        jsontext.parse(PLACEHOLDER.sub("1", fill(text, dict.fromkeys(("word", "other_word"), "word"))))
    except jsontext.NotJson as fault:
        return str(fault)
    return ""


def texts(exchange: "Exchange") -> tuple[str, ...]:
    """Every text of an exchange in which a placeholder may stand."""
    return tuple(text for group in (*_strict(exchange).values(), *_free(exchange).values()) for text in group)


def _strict(exchange: "Exchange") -> dict[str, tuple[str, ...]]:
    """By field, the texts that have no braces of their own."""
    return {"path": (exchange.path,), "headers": tuple(exchange.headers.values())}


def _free(exchange: "Exchange") -> dict[str, tuple[str, ...]]:
    """By field, the texts that may be JSON or a style sheet: there only a near miss of a placeholder is one."""
    return {
        "query": _values(exchange.query),
        "data": (exchange.data,),
        "form": _values(exchange.form),
        "json": (exchange.json,),
        "body": (exchange.body or "",),
        "contains": exchange.contains,
        "excludes": exchange.excludes,
        "matches": exchange.matches,
        "answer_json": (exchange.answer_json,),
        "answer_headers": tuple(exchange.answer_headers.values()),
    }


def _placeholder_faults(exchange: "Exchange", known: Set[str]) -> Faults:
    strict = _strict(exchange)
    for name, group in (strict | _free(exchange)).items():
        for slip, meant in slips(*group, known=known).items():
            yield name, f"{name}: unknown placeholder {{{slip}}}, did you mean {{{meant}}}?"
    for name, group in strict.items():
        for unknown in sorted(placeholders(*group) - known):
            names = ", ".join(f"{{{each}}}" for each in sorted(known))
            yield name, f"{name}: unknown placeholder {{{unknown}}}: the known ones are {names}"


def _values(fields: dict[str, str | tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(each for value in fields.values() for each in ((value,) if isinstance(value, str) else value))
