"""Registers gVisor's runtime, runsc, with the engine: strangers' containers then never meet this machine's kernel."""

import json
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from grader.engine.survey import survey
from grader.errors import EngineFault

NAME = "runsc"
CONFIGURATION = Path("/etc/docker/daemon.json")
PID = Path("/var/run/docker.pid")
# systrap needs nothing of the machine. With the sandbox's own network stack, nobody outside could see which ports the
# app listens on; the container's network name space keeps it in either way.
ARGUMENTS = ("--platform=systrap", "--network=host")
TIMEOUT = 10  # seconds for the engine to read its configuration again
PAUSE = 0.1


def installed() -> str:
    """The path of the runtime, or nothing."""
    return shutil.which(NAME) or ""


def register(configuration: Path = CONFIGURATION, pid: Path = PID, known: Callable[[], bool] | None = None) -> None:
    """Have the running engine know the runtime, from now on and after its next start; no container is disturbed.

    :param known: whether the engine knows it already
    :raises EngineFault: the configuration is not as it should be, or the engine did not take it up; it is as it was
    """
    known = known or (lambda: NAME in survey().runtimes)
    if known():
        return
    before = configuration.read_bytes() if configuration.exists() else None
    _write(configuration, _with_runtime(before, configuration))
    try:
        os.kill(int(pid.read_text(encoding="ascii")), signal.SIGHUP)
        deadline = time.monotonic() + TIMEOUT
        while not known():
            if time.monotonic() > deadline:
                raise EngineFault(f"the engine did not take up {NAME} from {configuration}: see the engine's log")
            time.sleep(PAUSE)
    except (OSError, ValueError, EngineFault) as error:
        # An engine that was started with options of its own may refuse to start with the same ones in the file.
        if before is None:
            configuration.unlink()
        else:
            _write(configuration, before.decode("utf-8"))
        if isinstance(error, EngineFault):
            raise
        raise EngineFault(f"the engine could not be told of {NAME} ({error}): restart it by hand") from error


def _with_runtime(before: bytes | None, configuration: Path) -> str:
    try:
        settings = json.loads(before or b"{}")
        runtimes = settings.setdefault("runtimes", {})
        runtimes[NAME] = {"path": installed(), "runtimeArgs": list(ARGUMENTS)}
    except (ValueError, AttributeError, TypeError) as error:
        raise EngineFault(f"{configuration} is not what the engine reads ({error}): mend it, then again") from error
    return json.dumps(settings, indent=2) + "\n"


def _write(configuration: Path, text: str) -> None:
    """Write the file in one step: half of it would keep the engine from starting."""
    try:
        configuration.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=configuration.parent, delete=False, encoding="utf-8") as file:
            file.write(text)
        mode = configuration.stat().st_mode & 0o777 if configuration.exists() else 0o644
        os.chmod(file.name, mode)
        os.replace(file.name, configuration)
    except OSError as error:
        raise EngineFault(f"{configuration} cannot be written: {error}") from error
