"""Tells whose fault it is that `docker compose up` failed: nothing but proof makes it the submission's."""

import re
from collections.abc import Mapping

from grader.engine.container import Container, State
from grader.engine.deployment import Refusal
from grader.engine.faults import fault, passes
from grader.engine.refusal import by_the_image
from grader.errors import EngineFault, PassingFault

# What Compose says where a service did not do what another waits for; the container is "<project>-<service>-<number>".
BY_A_CONTAINER = re.compile(
    r"^dependency failed to start: container (?P<container>\S+)"
    r" (?:exited \((?P<code>\d+)\)|is unhealthy$|has no healthcheck configured$)"
)
BY_A_JOB = re.compile(r"^service \"(?P<service>[\w.-]+)\" didn't complete successfully: exit (?P<code>\d+)$")
# What the engine says where the file asks a container for what cannot be.
BY_THE_ENGINE = "Error response from daemon: "
BY_THE_FILE = re.compile(r"the working directory '.*' is invalid|invalid signal: |Duplicate mount point: ")
KILLED = 137  # the exit code of what was ended by SIGKILL
COMPLETED = "service_completed_successfully"


def refusal(words: str, project: str, containers: Mapping[str, Container]) -> Refusal:
    """The submission's own fault in the last words of a `docker compose up` that failed.

    :param project: the name that Compose knows it by
    :param containers: those that were made, by service
    :raises PassingFault: the engine is at fault, and a second try may succeed
    :raises EngineFault: the engine is at fault
    """
    last = next((line.strip() for line in reversed(words.splitlines()) if line.strip()), "")
    states = {service: container.state() for service, container in containers.items()}
    if found := BY_A_CONTAINER.search(last) or BY_A_JOB.search(last):
        named = found.groupdict()
        service = named.get("service") or _service(str(named.get("container")), project)
        if service in states:
            must_not_be_killed(service, states[service])
        return Refusal(words=last.replace(str(named.get("container") or ""), service, 1), service=service)
    told = last.removeprefix(BY_THE_ENGINE)
    if told != last and (by_the_image(told) or BY_THE_FILE.search(told)):
        # A container that could not be started was made, and has an exit code.
        failed = [service for service, state in states.items() if not state.running and state.exit_code]
        return Refusal(words=told, service=next(iter(failed), ""))
    raise fault(f"`docker compose up` failed: {last}", passing=passes(last))


def too_late(seconds: float, containers: Mapping[str, Container], waited: Mapping[str, str]) -> Refusal:
    """What kept Compose from coming to an end in time.

    :param waited: the services that others wait for, and the condition
    :raises PassingFault: none of the services did, so it was the engine
    """
    states = {service: container.state() for service, container in containers.items()}
    # An app that is started again until all is well comes last: it may be waiting for one that is not.
    for service, state in sorted(states.items(), key=lambda each: (each[1].running, each[0] not in waited)):
        if state.restarts or (not state.running and state.exit_code):
            return ended(service, state)
        if not state.running or service not in waited:
            continue
        if waited[service] == COMPLETED:
            words = f"{service} has not ended after {seconds:g} s, and others wait for that"
            return Refusal(words=words, service=service)
        if state.health in ("starting", "unhealthy"):
            return Refusal(words=f"{service} is not healthy after {seconds:g} s", service=service)
    raise PassingFault(f"`docker compose up` did not end within {seconds:g} s, and no service kept it from that")


def ended(service: str, state: State) -> Refusal:
    """Of a service that others need, and that has ended by itself.

    :raises PassingFault: somebody else ended it
    """
    must_not_be_killed(service, state)
    if state.restarts:
        return Refusal(words=f"{service} ended and was started again {state.restarts} times", service=service)
    return Refusal(words=f"{service} ended by itself with exit code {state.exit_code}", service=service)


def must_not_be_killed(service: str, state: State) -> None:
    """:raises PassingFault: it was killed, and not for the memory that it took: by somebody, or by this machine."""
    if not state.running and state.exit_code == KILLED and not state.out_of_memory:
        raise PassingFault(f"the container of {service} was killed from outside")


def _service(container: str, project: str) -> str:
    found = re.fullmatch(rf"{re.escape(project)}-(?P<service>.+)-\d+", container)
    if found is None:
        raise EngineFault(f"`docker compose up` failed over a container that is not this project's: {container}")
    return found["service"]
