"""Runs the docker command line: an argv list, a clean environment, a process group of its own, a deadline."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from grader.deadline import Deadline
from grader.errors import EngineFault, PassingFault

# What the client needs from our environment, and nothing else: no proxy with its password, no COMPOSE_* or DOCKER_*
# setting of the user's that would change what is built or run.
KEPT = ("PATH", "SYSTEMROOT", "TEMP", "TMP", "DOCKER_CERT_PATH", "DOCKER_TLS_VERIFY")
# Where packages put plugins, from the docker client's own list.
SYSTEM_PLUGINS = tuple(
    f"/usr/{folder}/docker/cli-plugins" for folder in ("local/lib", "local/libexec", "lib", "libexec")
)
OUTPUT_LIMIT = 1_000_000  # bytes of stdout or stderr that are kept


@dataclass(frozen=True, kw_only=True)
class CommandResult:
    """How a command ended: its exit code, and what it printed."""

    code: int
    stdout: str
    stderr: str


class CommandTimeout(PassingFault):
    """A command did not end in time, and was killed."""


class Command:
    """The docker client with settings of our own.

    Its configuration folder holds one setting: where the user's own plugins (buildx, compose) are. Registry
    passwords and proxies stay out of reach of a build.
    """

    def __init__(self, host: str) -> None:
        self.host = host
        self._home = state_folder() / "docker"
        self._plugins = _plugin_folders()
        _write(self._home / "config.json", json.dumps({"cliPluginsExtraDirs": self._plugins}))

    def start(self, *args: str, env: dict[str, str] | None = None) -> subprocess.Popen[bytes]:
        """Start `docker <args>` in a process group of its own, with its output piped.

        :raises EngineFault: there is no docker client on PATH
        """
        words = self._words(*args)
        try:
            return subprocess.Popen(
                words,
                env=self._environment() | (env or {}),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
        except OSError as error:
            raise EngineFault(f"cannot start {words[0]}: {error}") from error

    def run(self, *args: str, deadline: Deadline) -> CommandResult:
        """Run `docker <args>` to its end, until `deadline` at most.

        :raises CommandTimeout: it did not end in time
        :raises TooBusy: what it waited for was kept from running
        :raises EngineFault: there is no client
        """
        process = self.start(*args)
        try:
            stdout, stderr = _outputs(process, deadline)
        except TimeoutError as error:
            raise CommandTimeout(f"`docker {args[0]}` did not end within {deadline.seconds:g} s") from error
        finally:
            kill_group(process)
        return CommandResult(code=process.returncode, stdout=_text(stdout), stderr=_text(stderr))

    def _words(self, name: str, *args: str) -> list[str]:
        """The command line; a plugin is started by itself, since `docker` asks every plugin for its version first.

        That takes half as long again as a whole build whose steps are all cached.
        """
        if plugin := shutil.which(f"docker-{name}", path=os.pathsep.join([*self._plugins, *SYSTEM_PLUGINS])):
            return [plugin, *args]
        if program := shutil.which("docker"):
            return [program, name, *args]
        raise EngineFault("no docker client on PATH: install one with `make doctor`")

    def _environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        return kept | {
            "HOME": str(self._home),
            "USERPROFILE": str(self._home),
            "DOCKER_CONFIG": str(self._home),
            "DOCKER_HOST": self.host,
            "BUILDX_GIT_INFO": "false",
        }


def _outputs(process: subprocess.Popen[bytes], deadline: Deadline) -> tuple[bytes, bytes]:
    while True:
        with contextlib.suppress(subprocess.TimeoutExpired):  # the deadline may have moved on meanwhile
            return process.communicate(timeout=deadline.left())


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """End a process and all that it started, at once; nothing happens when it is gone already."""
    if process.poll() is None:
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()
    for stream in (process.stdout, process.stderr):
        if stream is not None:
            stream.close()


def state_folder() -> Path:
    """Where we keep what must outlive a run that was killed: the user's state folder of this system.

    :raises EngineFault: the user has none
    """
    from platformdirs import user_state_path

    folder = user_state_path("shipshape")
    if not folder.is_absolute():  # "~" that nobody could resolve
        raise EngineFault("this user has no home folder: set HOME or XDG_STATE_HOME, and grade again")
    return folder


def _write(path: Path, text: str) -> None:
    """Write a file that other runs may be reading: in one step, and only when it is not so already."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="utf-8") as file:
        file.write(text)
    os.replace(file.name, path)


def _plugin_folders() -> list[str]:
    config = Path(os.environ.get("DOCKER_CONFIG") or Path.home() / ".docker")
    folders = [str(config / "cli-plugins")]
    try:
        extra = json.loads((config / "config.json").read_text(encoding="utf-8")).get("cliPluginsExtraDirs", [])
    except (OSError, ValueError, AttributeError):
        return folders
    return folders + [folder for folder in extra if isinstance(folder, str)]


def _text(output: bytes) -> str:
    return output[-OUTPUT_LIMIT:].decode("utf-8", "replace")
