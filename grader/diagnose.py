"""Finds the cause that the evidence proves, in the catalogue of known mistakes."""

import re
import shlex
from collections.abc import Callable, Mapping

from grader.catalogue import PLACEHOLDER, Entry, catalogue
from grader.report import Diagnosis
from grader.spec import nearest

TRACEBACK = "Traceback (most recent call last):"
# A student wrote what is searched, and some patterns take time that grows with the square of a line.
FACT_LIMIT = 32_000  # characters of a fact that are looked at: the last ones
LINE_LIMIT = 2_000  # characters of a line
# How gunicorn's master ends that hears of its workers' end while it is ending already: what broke them stands before.
HALTED = "gunicorn.errors.HaltServer: "
LAST_WORDS = 8  # lines at the end of a log that count as what a program said when it broke
# How the clients of databases, and Python itself, say that nothing bears a name.
UNKNOWN_HOST = re.compile(
    r"(?:could not translate host name \"|failed to resolve host '|Unknown (?:MySQL )?server host '|Failed to resolve '"
    r"|server on '(?=[^']*' \((?:\[?Errno )?-[235])|Error -[235] connecting to )(?P<host>[\w.-]+)"
)
# What a student types in place of a look's command where the container is a service of a project.
FOR_COMPOSE = (
    (re.compile(r"^docker (logs|top|stop|exec|stats) \{name\}"), r"docker compose \1 {name}"),
    (re.compile(r"^docker run --rm (--entrypoint \S+ )?\{name\}"), r"docker compose run --rm --no-deps \1{name}"),
    (re.compile(r"^docker build --progress plain \.$"), r"docker compose build --progress plain {name}"),
    (re.compile(r"^docker (?:image )?inspect (.*)\{name\}$"), r"docker inspect \1$(docker compose ps -aq {name})"),
    (re.compile(r"^docker history (.*)\{name\}$"), r"docker history \1$(docker compose images -q {name})"),
)


def diagnose(evidence: Mapping[str, str]) -> Diagnosis | None:
    """The first entry whose every pattern is found in the fact of that name, with the details put in."""
    evidence = {name: _bounded(text) for name, text in evidence.items()}
    facts = {**evidence, **_drawn(evidence)}
    for entry in catalogue():
        if (details := _details(entry, facts)) is not None:
            return Diagnosis(
                id=entry.id,
                cause=_fill(entry.cause, details),
                look=_look(entry.look, details),
                mend=_fill(entry.mend, details),
                unit=entry.unit,
            )
    return None


def _bounded(text: str) -> str:
    text = text[-FACT_LIMIT:]
    return "\n".join(line[:LINE_LIMIT] for line in text.split("\n")) if len(text) > LINE_LIMIT else text


def _drawn(evidence: Mapping[str, str]) -> dict[str, str]:
    """What follows from the facts."""
    drawn = {}
    kind = evidence.get("kind", "")
    if "path" in evidence and {"status", "reason"} & evidence.keys() and kind not in ("http", "start"):
        # A request inside another kind of check fails as one of its own would.
        drawn["kind"] = f"{kind} http"
    # A request that was answered well enough did not raise: what the log holds is older.
    if evidence.get("logs") and evidence.get("status", "5").startswith("5"):
        drawn["error"] = _error(evidence["logs"])
        if found := UNKNOWN_HOST.search(drawn["error"]):
            drawn["host"] = found["host"]
            drawn["near_host"] = nearest(found["host"], evidence.get("services", "").split())
    return drawn


def _error(logs: str) -> str:
    """A log from the exception of its last whole traceback on; where it holds none, its last lines."""
    lines = logs.rstrip().splitlines()
    # Of a container that ends and is started again, the log may be read in the middle of the newest.
    for begins in reversed([number for number, line in enumerate(lines) if line.startswith(TRACEBACK)]):
        # What a traceback tells of the way is indented; the exception is not.
        told = (number for number in range(begins + 1, len(lines)) if lines[number].strip() and lines[number][0] != " ")
        exception = next(told, None)
        if exception is None or lines[exception].startswith(TRACEBACK):
            continue
        if not lines[exception].startswith(HALTED):
            return "\n".join(lines[exception:][:LAST_WORDS])
        lines = lines[:begins]
    return "\n".join(lines[-LAST_WORDS:])


def _details(entry: Entry, facts: Mapping[str, str]) -> dict[str, str] | None:
    """The facts and what the patterns' named groups caught, or None where one pattern is not found."""
    details = dict(facts)
    for name, pattern in entry.when.items():
        found = re.search(pattern, facts[name], re.MULTILINE) if name in facts else None
        if found is None:
            return None
        details |= {group: text for group, text in found.groupdict().items() if text}
    return details


def _look(look: str, details: Mapping[str, str]) -> str:
    """The command, for the container or for the service; a student wrote what is put in, and a teacher may paste it."""
    if service := details.get("service") or (details.get("name", "") if "services" in details else ""):
        details = {**details, "name": service}
        for pattern, command in FOR_COMPOSE:
            look = pattern.sub(command, look)
    return _fill(look, details, quote=shlex.quote)


def _fill(text: str, details: Mapping[str, str], *, quote: Callable[[str], str] = str) -> str:
    # One line each: a fact may hold many, and a student wrote them.
    return PLACEHOLDER.sub(
        lambda found: quote(" ".join(details[found[1]].split())[:200]) if found[1] in details else found[0], text
    )
