"""Waits for the first answer of a container, polling tightly, and ends early where waiting cannot help."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from grader.deadline import Deadline
from grader.engine.container import Container, State
from grader.errors import EngineFault
from grader.http import NoAnswer

POLL = 0.01  # seconds between two tries to reach the app, at first
POLL_LIMIT = 0.05
PROBE_AFTER = 3.0  # seconds without an answer before the sockets are looked at
UNREACHABLE = "the engine's containers cannot be reached from here: grade on the engine's own machine"


@dataclass(frozen=True, kw_only=True)
class Silence:
    """Why no answer came: the container ended, or what its port said instead."""

    reason: str  # "exited", or a reason of NoAnswer
    listening: tuple[str, ...] = ()  # the addresses that it listens on


def wait(
    container: Container,
    *,
    ask: Callable[[State], None],
    sockets: Callable[[], tuple[str, ...]],
    deadline: Deadline,
) -> Silence | None:
    """Wait until `ask` gets an answer, whatever it says, or until `deadline`.

    :param ask: asks the container in the state that it is in; raises NoAnswer
    :param sockets: the addresses that the container listens on
    :raises EngineFault: the engine is at fault, or keeps us from reaching its containers
    """
    probe_at, pause = time.monotonic() + PROBE_AFTER, POLL
    while True:
        state = container.state()
        if not state.running:
            return Silence(reason="exited")
        try:
            ask(state)
        except NoAnswer as none:
            reason = none.reason
        else:
            return None
        late = deadline.is_past
        if late or time.monotonic() > probe_at:
            probe_at = float("inf")
            found = _listening(container, sockets)
            if found is None and late:
                return Silence(reason=reason)
            # Whoever holds the port on loopback keeps every other socket from it: waiting cannot help.
            if found is not None and (late or f"127.0.0.1:{container.port}" in found):
                _must_be_reachable(container.port, reason, found)
                return Silence(reason=reason, listening=found)
        time.sleep(pause)
        pause = min(pause * 1.5, POLL_LIMIT)


def _listening(container: Container, sockets: Callable[[], tuple[str, ...]]) -> tuple[str, ...] | None:
    """The addresses it listens on; None where it ended while they were read, or is about to be started again."""
    try:
        return sockets()
    except EngineFault:
        state = container.state()
        if state.running and not state.restarts:
            raise
        return None


def _must_be_reachable(port: int, reason: str, found: Sequence[str]) -> None:
    """A connection to a port that is open on all addresses is never refused by the app: then the way is closed."""
    open_to_all = {f"0.0.0.0:{port}", f"[::]:{port}"} & set(found)
    if open_to_all and reason in ("refused", "unreachable"):
        raise EngineFault(UNREACHABLE)
