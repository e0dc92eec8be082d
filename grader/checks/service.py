"""The service that a check looks at: the command by which a student looks, and what is known where there is none."""

import shlex
from collections.abc import Sequence

from grader.checks.base import Check, Subject
from grader.facts import Printed
from grader.report import Result
from grader.spec import nearest

HEALTHY = "service_healthy"  # the condition under which Compose waits for a health check
LOG_LINES = 12  # of a service's log in a report


def typed(subject: Subject, verb: str, service: str = "", rest: Sequence[str] = ()) -> str:
    """`docker logs hello`, or `docker compose logs web` where there is a Compose file."""
    program = ("docker", "compose") if subject.project else ("docker",)
    return shlex.join((*program, verb, service or subject.name, *rest))


def absence(subject: Subject, service: str) -> dict[str, str]:
    """The facts of a service that the Compose file does not start; nothing where it does, or where there is none."""
    if not service or subject.project is None or service in subject.project.active:
        return {}
    there = tuple(subject.project.active)
    return {"fault": "no-service", "missing": service, "services": " ".join(there), "nearest": nearest(service, there)}


def no_service(check: Check, subject: Subject, name: str, *, asked: str) -> Result | None:
    """The result where the project has no service of that name; nothing where it has one."""
    services = subject.project.active if subject.project else {}
    if name in services:
        return None
    return check.failed(
        asked=asked,
        expected=f"a service {name}",
        got=", ".join(services) or "no Compose file",
        evidence={"fault": "no-service", "service": name, "nearest": nearest(name, services)},
    )


def service_faults(service: str) -> str:
    """What is wrong with the name of a service as an author wrote it, or nothing."""
    if service != service.strip():
        return f"service = {service!r}: take the white space out"
    return ""


def log_end(printed: Printed) -> str:
    """The last lines of both streams, those of standard error below: that is where a program says what broke."""
    lines = [*printed.stdout.splitlines(), *printed.stderr.splitlines()]
    return "\n".join(lines[-LOG_LINES:])
