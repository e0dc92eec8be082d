"""One quick look at the docker command and the engine behind it: it costs a process, and no docker SDK."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from grader.engine.labels import STAND_IN

TIMEOUT = 15  # seconds for a busy engine to describe itself


@dataclass(frozen=True, kw_only=True)
class Survey:
    """What the docker command says of itself and of the engine; empty values where nothing answers."""

    client: str = ""  # the path of the docker command
    version: str = ""  # the engine's
    silence: str = ""  # why the engine does not answer
    plugins: dict[str, str] = field(default_factory=dict)  # name -> version
    data_root: str = ""
    runtimes: tuple[str, ...] = ()
    registry: str = ""  # the URL that a pull begins with: a proxy, a mirror, or the registry itself

    @property
    def forbidden(self) -> bool:
        """Whether an engine runs that this user may not talk to."""
        return "permission denied" in self.silence.lower()


def survey() -> Survey:
    """Look at the engine that the user's own `docker` command talks to."""
    client = shutil.which("docker")
    if client is None:
        return Survey(silence="there is no docker command on PATH")
    code, output, words = _docker(client, "info", "--format", "{{json .}}")
    try:
        told = json.loads(output)
    except ValueError:
        told = {}
    if not isinstance(told, dict):
        told = {}
    return read(client, told, silence=words.strip() or f"`docker info` ended with code {code}")


def read(client: str, told: dict[str, Any], silence: str) -> Survey:
    """The survey in what `docker info` told."""
    plugins = (told.get("ClientInfo") or {}).get("Plugins") or []
    version = str(told.get("ServerVersion") or "")
    mirrors = (told.get("RegistryConfig") or {}).get("Mirrors") or []
    registry = told.get("HttpsProxy") or (mirrors[0] if mirrors else "") or told.get("IndexServerAddress") or ""
    return Survey(
        client=client,
        version=version,
        silence="" if version else " ".join(told.get("ServerErrors") or []) or silence,
        # A plugin that does not run is listed with an Err and no version.
        plugins={row["Name"]: row.get("Version") or "?" for row in plugins if not row.get("Err")},
        data_root=told.get("DockerRootDir") or "",
        runtimes=tuple(told.get("Runtimes") or ()),
        registry=registry,
    )


def images(client: str, references: Iterable[str]) -> dict[str, bool]:
    """The images that are on the engine, each with whether it is a stand-in."""
    wanted = list(references)
    form = "{{json .RepoTags}}\t{{json .Config.Labels}}"
    _, output, _ = _docker(client, "image", "inspect", "--format", form, *wanted)
    found = {}
    for line in output.splitlines():
        if "\t" not in line:
            continue  # where no image is there, some clients print an empty line
        tags, labels = (json.loads(part) or {} for part in line.split("\t", 1))
        found.update({tag: STAND_IN in labels for tag in tags if tag in wanted})
    return found


def endpoint(url: str) -> tuple[str, int] | None:
    """The host and port of a URL that a pull begins with."""
    parts = urlsplit(url if "://" in url else f"https://{url}")
    if not parts.hostname:
        return None
    return parts.hostname, parts.port or (80 if parts.scheme == "http" else 443)


def _docker(client: str, *args: str) -> tuple[int, str, str]:
    """Run the docker command with the user's own configuration, which knows their contexts."""
    try:
        done = subprocess.run(
            [client, *args],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=TIMEOUT,
            env={**os.environ, "DOCKER_CLI_HINTS": "false"},
        )
    except subprocess.TimeoutExpired:
        return 124, "", f"the engine did not answer within {TIMEOUT} s"
    except OSError as error:
        return 126, "", f"{client} cannot be run: {error}"
    return done.returncode, done.stdout, done.stderr
