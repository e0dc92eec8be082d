"""Finds the engine that the docker command would use, and holds the connection to it."""

import contextlib
import functools
import os
import socket
import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from grader.engine.command import Command
from grader.engine.faults import engine_faults
from grader.errors import EngineFault, UsageError

if TYPE_CHECKING:
    import docker

P = ParamSpec("P")
T = TypeVar("T")

NOBODY = "no container engine answers at {}: start it, or run `make doctor`"
TIMEOUT = 60  # seconds for one answer of the engine's API


@dataclass(frozen=True, kw_only=True)
class Engine:
    """A container engine that answers: its API, and its command line."""

    client: "docker.DockerClient"
    command: Command
    host: str
    details: dict[str, Any] = field(default_factory=dict)  # what /version said
    runtime: str = ""  # the runtime of submissions' containers, such as "runsc"; empty for the engine's own choice
    _pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(thread_name_prefix="engine"))
    _under_way: set[Future[Any]] = field(default_factory=set)

    @property
    def version(self) -> str:
        return str(self.details.get("Version", ""))

    @property
    def name(self) -> str:
        """The engine's name and version, such as "Docker Engine - Community 26.1.5"."""
        platform = self.details.get("Platform", {}).get("Name") or "Docker Engine"
        return f"{platform} {self.version}"

    @functools.cached_property
    def info(self) -> dict[str, Any]:
        """What /info said the first time that somebody asked: where it keeps its data, how it limits containers.

        :raises EngineFault: it did not answer
        """
        with engine_faults("asking the engine about itself"):
            return dict(self.client.info())

    @property
    def local(self) -> bool:
        """Whether a container's own address can be reached from here: an engine on this Linux kernel."""
        return (
            sys.platform == "linux"
            and self.host.startswith("unix://")
            # A rootless engine, whose networks are in a name space of its own, listens in the user's runtime folder.
            and not self.host.startswith("unix:///run/user/")
            and "Desktop" not in str(self.details.get("Platform", {}).get("Name"))
        )

    def answers(self, patience: float) -> bool:
        """Whether it says a word within so many seconds; it may be gone, or be stopping."""
        from docker.errors import DockerException
        from requests.exceptions import RequestException

        api = self.client.api
        try:
            # docker-py's own ping() has the patience of the longest of all requests.
            return bool(api.get(f"{api.base_url}/_ping", timeout=patience).ok)
        except (DockerException, RequestException, OSError):
            return False

    def later(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Do some work on the engine in the background; `close` waits until it is done."""
        future = self._pool.submit(work, *args, **kwargs)
        self._under_way.add(future)
        # One connection may serve a class of a thousand: what is done need not be remembered.
        future.add_done_callback(self._under_way.discard)
        return future

    def close(self) -> None:
        """Wait for what is under way, and hang up; Ctrl-C cannot hurry it, or something would be left behind."""
        while under_way := tuple(self._under_way):
            with contextlib.suppress(KeyboardInterrupt):
                wait(under_way)
        self._pool.shutdown()
        self.client.close()


def connect(runtime: str = "") -> Engine:
    """Connect to the engine that `docker` would use: DOCKER_HOST, else the current context.

    :param runtime: runs the submissions' containers, in place of the engine's own choice
    :raises EngineFault: nothing answers there
    :raises UsageError: it has no such runtime
    """
    import docker
    from docker.errors import DockerException

    host = _host()
    _knock(host)
    try:
        client = docker.DockerClient(base_url=host, timeout=TIMEOUT, use_ssh_client=host.startswith("ssh://"))
        details = client.version()
    except (DockerException, OSError) as error:
        raise EngineFault(NOBODY.format(host)) from error
    engine = Engine(client=client, command=Command(host), host=host, details=details, runtime=runtime)
    if runtime:
        _must_have(engine, runtime)
    return engine


def _must_have(engine: Engine, runtime: str) -> None:
    """:raises UsageError: the engine has no such runtime; the connection to it is closed."""
    try:
        known = sorted(engine.info.get("Runtimes") or {})
        if runtime not in known:
            there = ", ".join(known)
            raise UsageError(f"the engine has no runtime {runtime}: it has {there}; `make doctor` registers runsc")
    except BaseException:
        engine.close()
        raise


def _knock(host: str) -> None:
    """Find out quickly, and without a socket left open by the SDK, that nothing listens.

    :raises EngineFault: nothing does, or we may not
    """
    if not host.startswith("unix://"):
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as knock:
        try:
            knock.connect(host.removeprefix("unix://"))
        except PermissionError as error:
            raise EngineFault(f"you may not use the engine at {host}: `make doctor` says what to do") from error
        except OSError as error:
            raise EngineFault(NOBODY.format(host)) from error


def _host() -> str:
    if host := os.environ.get("DOCKER_HOST"):
        return host
    from docker.context import ContextAPI
    from docker.errors import DockerException

    try:
        context = ContextAPI.get_current_context()
    except (DockerException, OSError, ValueError) as error:
        raise EngineFault(f"the docker context cannot be read ({error}): see `docker context ls`") from error
    default = "npipe:////./pipe/docker_engine" if sys.platform == "win32" else "unix:///var/run/docker.sock"
    return (context.Host if context else None) or default
