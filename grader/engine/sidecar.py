"""Containers of our own beside a submission's: made, run to their end, and removed whatever happens."""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from grader.engine.connection import Engine


@contextlib.contextmanager
def sidecar(
    engine: Engine,
    image: str,
    command: Sequence[str],
    *,
    label: str,
    host: Mapping[str, Any],
    user: str | None = None,
    environment: Mapping[str, str] | None = None,
) -> Iterator[str]:
    """The id of a container of ours that is not started yet; at the end of the `with` it is removed.

    What the SDK raises is left as it is: the caller says inside `engine_faults` what was being done.

    :param label: of the run, which removes the container if we cannot
    :param host: what `create_host_config` takes: its network, its limits
    """
    from docker.errors import NotFound

    api = engine.client.api
    made = str(
        api.create_container(
            image,
            list(command),
            entrypoint=[],
            labels={label: ""},
            host_config=api.create_host_config(**host),
            healthcheck={"test": ["NONE"]},
            use_config_proxy=False,
            user=user,
            environment=dict(environment or {}),
        )["Id"]
    )
    try:
        yield made
    finally:
        with contextlib.suppress(NotFound):
            # `v`: the image of a database has a volume of its own.
            api.remove_container(made, force=True, v=True)


def finish(engine: Engine, container: str, *, timeout: int) -> tuple[int, bytes]:
    """Start it and wait for its end: the exit code, and what it printed.

    :param timeout: in seconds
    """
    api = engine.client.api
    api.start(container)
    code = int(api.wait(container, timeout=timeout)["StatusCode"])
    return code, bytes(api.logs(container))
