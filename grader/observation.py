"""Looks at containers that are up, or were, and writes down what it sees under the names that the catalogue matches."""

import re
from collections.abc import Mapping, Sequence

from grader.engine.container import Container, State
from grader.engine.deployment import Refusal
from grader.engine.record import record_of
from grader.facts import ImageFacts

MISSING_MODULE = re.compile(r"ModuleNotFoundError: No module named '(?P<module>\w+)'")
LOOPBACK = ("127.", "[::1]")
TRACEBACK = "Traceback (most recent call last):"


def of_start(
    *,
    name: str,
    port: int,
    image: ImageFacts,
    files: Sequence[str],
    state: State | None,
    logs: str,
    refusal: Refusal | None,
    reason: str,
    listening: Sequence[str],
) -> dict[str, str]:
    """What is known of a container that does not answer on `port`."""
    facts = {
        "kind": "start",
        "name": name,
        "reason": "refused to start" if refusal else reason,
        "refused": refusal.words if refusal else "",
        "port": str(port),
        "listening": " ".join(listening),
        "other_port": _other_port(listening, port),
        "loopback_port": _loopback_port(listening, port),
        "exposed": " ".join(image.ports),
        "logs": logs,
        "command": image.line,
        "entrypoint": " ".join(image.entrypoint),
        "own_module": _own_module(logs, files),
        "inherited": "yes" if image.inherited else "no",
    }
    # Of one that was never started because another failed, the end says nothing.
    never = refusal is not None and refusal.service not in ("", name)
    return facts if never else facts | of_end(state)


def of_end(state: State | None) -> dict[str, str]:
    """How a container ended, or came back; nothing of one that runs, or was never started."""
    if state is None:
        return {}
    restarts = {"restarts": str(state.restarts)} if state.restarts else {}
    if state.running and not state.restarts:
        return {}
    return restarts | {"exit_code": str(state.exit_code), "out_of_memory": "yes" if state.out_of_memory else "no"}


def of_services(containers: Mapping[str, Container], main: str, culprit: str) -> dict[str, str]:
    """What is known of a project besides the service that is asked: who is at fault, and what the others printed.

    Where another service is at fault, its log, command and end stand in place of those of the one that is asked.

    :param culprit: the service that kept the project from coming up, where that is known
    :raises EngineFault: a container is gone, or the engine is
    """
    states = {service: container.state() for service, container in containers.items()}
    others = [
        f"{service}: {state_words(state)}\n{containers[service].logs()}"
        for service, state in sorted(states.items())
        if service != main
    ]
    facts = {"services": " ".join(sorted(containers)), "other_logs": "\n".join(others)}
    at_fault = culprit or _ended_first(containers, states, main)
    if at_fault in containers:
        return facts | _of_culprit(containers[at_fault], at_fault, states[at_fault], asked=at_fault == main)
    return facts | _of_raised(containers, states, main)


def state_words(state: State) -> str:
    """A container's state in a word or two."""
    if not state.running:
        return f"ended with exit code {state.exit_code}"
    return f"running, {state.health}" if state.health else "running"


def _ended_first(containers: Mapping[str, Container], states: Mapping[str, State], main: str) -> str:
    """The service that ended with an error before the others; the one that is asked may have ended because of it."""
    ended = [service for service, state in states.items() if service != main and not state.running and state.exit_code]
    return min(ended, key=lambda service: record_of(containers[service]).finished, default="")


def _of_culprit(container: Container, service: str, state: State, *, asked: bool) -> dict[str, str]:
    record, end = record_of(container), of_end(state)
    logs = container.logs()
    facts = {
        "service": service,
        "service_logs": logs,
        "health": state.health,
        "health_log": record.health_log,
        # Told of one that was never restarted, too: of what ends again and again a health check says nothing.
        "restarts": str(state.restarts),
    }
    if asked:
        return facts
    facts |= {f"service_{name}": value for name, value in end.items()}
    blank = dict.fromkeys(("exit_code", "out_of_memory"), "")
    told = {"logs": logs, "command": record.command, "entrypoint": record.entrypoint, "inherited": "", "own_module": ""}
    return facts | blank | end | told


def _of_raised(containers: Mapping[str, Container], states: Mapping[str, State], main: str) -> dict[str, str]:
    """The traceback of a service behind the one that is asked, which answers with an error of its own."""
    if main not in states or not states[main].running:
        return {}
    logs = containers[main].logs()
    if TRACEBACK in logs:
        return {}
    for service, state in states.items():
        if service != main and state.running and TRACEBACK in (raised := containers[service].logs()):
            return {"service": service, "service_logs": raised, "logs": f"{raised}\n{logs}"}
    return {}


def _own_module(logs: str, files: Sequence[str]) -> str:
    """The module that the app could not import, where the student wrote it: it is not in the image."""
    found = MISSING_MODULE.search(logs)
    module = found["module"] if found else ""
    written = any(name == f"{module}.py" or name.startswith(f"{module}/") for name in files)
    return module if module and written else ""


def _loopback_port(listening: Sequence[str], port: int) -> str:
    """The port on the container's own loopback, where nothing else is open and it is not the right one either."""
    ports = [address.rpartition(":")[2] for address in listening]
    hidden = bool(listening) and all(address.startswith(LOOPBACK) for address in listening)
    return ports[0] if hidden and str(port) not in ports else ""


def _other_port(listening: Sequence[str], port: int) -> str:
    """The port that can be reached from outside, where the right one cannot."""
    reachable = [address.rpartition(":")[2] for address in listening if not address.startswith(LOOPBACK)]
    return "" if str(port) in reachable else next(iter(reachable), "")
