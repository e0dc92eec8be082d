"""Tells whether it is the image's own fault that a container was refused, in the same words for every runtime."""

import posixpath
import re
from collections.abc import Callable

from grader.engine.connection import Engine
from grader.engine.faults import engine_faults

# What the engine and runc say where the image itself asks for what cannot be: its command, its user, its volumes.
BY_THE_IMAGE = re.compile(
    r"exec: |no command specified|unable to find (?:user|group)|no matching entries in|uids and gids must be"
    r"|invalid volume specification|destination can't be|error mounting .* to rootfs|cannot be mounted"
    r"|cannot mount volume over existing file|Cannot mkdir: \S+ is not a directory"
)
# gVisor's words for what runc says after "exec: ".
NOT_FOUND = re.compile(r'error finding executable "(?P<command>.*)" in PATH \[')
NOT_LOADED = re.compile(r"creating process: failed to load (?P<command>.+): (?P<why>[a-z ]+): unknown$", re.MULTILINE)
MISSING, NO_PROGRAM = "no such file or directory", "exec format error"


def by_the_image(words: str, there: Callable[[str], bool] = lambda path: False) -> str:
    """What was wrong with the image, as runc says it; nothing where its refusal was for another reason.

    A script whose interpreter is missing, or which names none, runc starts and the script's own end says so, in the
    log: gVisor refuses it, and it is said here as it would stand there.

    :param there: whether the image holds a file; `holds` answers that
    """
    if found := NOT_FOUND.search(words):
        return f'exec: "{found["command"]}": executable file not found in $PATH'
    if found := NOT_LOADED.search(words):
        command, why = found["command"], found["why"]
        if why == NO_PROGRAM or (why == MISSING and there(command)):
            return f"exec {command}: {why}"
        return f'exec: "{command}": ' + (f"stat {command}: {why}" if why == MISSING else why)
    return words if BY_THE_IMAGE.search(words) else ""


def holds(engine: Engine, container: str, path: str) -> bool:
    """Whether a container, which need not run, has a file; a relative path begins where its command would be run.

    :raises EngineFault: the engine did not tell
    """
    api = engine.client.api
    with engine_faults("looking for a file in the container"):
        folder = str(api.inspect_container(container)["Config"].get("WorkingDir") or "/")
        answer = api.head(
            f"{api.base_url}/v{api.api_version}/containers/{container}/archive",
            params={"path": posixpath.join(folder, path)},
            timeout=api.timeout,
        )
        return bool(answer.ok)
