"""Runs a command inside a container, bounded: what it prints is the student's, and it may never end."""

from collections.abc import Sequence

from grader.deadline import Deadline
from grader.engine.attached import hang_up, read
from grader.engine.connection import Engine
from grader.engine.faults import engine_faults, has_ended
from grader.facts import Executed

OUTPUT_LIMIT = 64_000  # bytes of each stream that are kept: the first ones


def execute(engine: Engine, container: str, command: Sequence[str], deadline: Deadline) -> Executed:
    """Run `command` and wait for its end, until `deadline` at most.

    :raises TooBusy: it was kept from running
    :raises EngineFault: the engine did not do its part; that the container has ended is no fault, but an exit code
    """
    from docker.errors import APIError

    api = engine.client.api
    with engine_faults("running a command in the container"):
        try:
            made = api.exec_create(container, list(command))["Id"]
            stream = api.exec_start(made, socket=True)
        except APIError as error:
            if has_ended(error):
                return Executed(exit_code=None, stdout="", stderr=str(error.explanation))
            raise
        try:
            said = read(stream, limit=OUTPUT_LIMIT, deadline=deadline, cut=False)
        finally:
            hang_up(stream)
        code = None if said.late else api.exec_inspect(made)["ExitCode"]
    return Executed(
        exit_code=code,
        stdout=said.stdout.decode("utf-8", "replace"),
        stderr=said.stderr.decode("utf-8", "replace"),
        timed_out=said.late,
    )
