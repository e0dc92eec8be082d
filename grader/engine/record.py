"""What the engine's record of a container says beside the state that it is in."""

from dataclasses import dataclass

from grader.engine.container import Container
from grader.engine.faults import engine_faults

HEALTH_LIMIT = 2_000  # characters of what a health check printed


@dataclass(frozen=True, kw_only=True)
class Record:
    """A container as it was made, and how it went."""

    entrypoint: str
    command: str  # the whole of it
    finished: str  # the time of its end, as text that can be compared; empty while it runs, or before it was started
    health_log: str  # what its last health check printed
    refused: str  # the engine's own words, where it could not be started


def record_of(container: Container) -> Record:
    """Look it up now.

    :raises EngineFault: the container is gone, or the engine is
    """
    with engine_faults("looking at the container"):
        details = container.engine.client.api.inspect_container(container.id)
        config, state = details["Config"], details["State"]
        entrypoint = " ".join(config.get("Entrypoint") or ())
        checks = (state.get("Health") or {}).get("Log") or ()
        return Record(
            entrypoint=entrypoint,
            command=" ".join(filter(None, (entrypoint, *(config.get("Cmd") or ())))),
            finished="" if state["Running"] or state["FinishedAt"].startswith("0001") else str(state["FinishedAt"]),
            health_log=str(checks[-1].get("Output") or "")[:HEALTH_LIMIT] if checks else "",
            refused=str(state.get("Error") or ""),
        )
