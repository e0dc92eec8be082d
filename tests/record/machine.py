"""The engine as the recorders use it: commands, images and containers of their own, and nothing left behind."""

import json
import re
import secrets
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

MARK = "shipshape-record"
LONGEST = 600.0  # seconds that one command may take


def docker(*words: str, check: bool = True, folder: Path | None = None, env: Mapping[str, str] | None = None) -> str:
    """What a command printed; a command that fails ends the recording with what it said."""
    done = subprocess.run(
        ["docker", *words],
        cwd=folder,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=LONGEST,
    )
    if check and done.returncode:
        raise RuntimeError(f"docker {' '.join(words)}: {done.stdout}{done.stderr}")
    return done.stdout


def engine_release() -> str:
    """The engine's release, without what a distribution added to it."""
    return re.split(r"[^0-9.]", docker("version", "--format", "{{.Server.Version}}").strip())[0]


@contextmanager
def image(folder: Path) -> Iterator[str]:
    """An image built from a folder, under a name of its own."""
    name = f"{MARK}:{secrets.token_hex(6)}"
    docker("build", "-q", "-t", name, ".", folder=folder)
    try:
        yield name
    finally:
        docker("image", "rm", "--force", name, check=False)


@contextmanager
def container(*words: str) -> Iterator[str]:
    """A container, started with the words of `docker run`; yields its id."""
    found = docker("run", "--detach", "--label", MARK, *words).strip()
    try:
        yield found
    finally:
        docker("rm", "--force", "--volumes", found, check=False)


def logs(name: str, *options: str) -> str:
    """What a container printed on either stream."""
    command = ["docker", "container", "logs", *options, name]
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True).stdout


def inspect(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(docker("container", "inspect", name))[0]
    return found


def moment(text: str) -> float:
    """A time of the engine's, as seconds that can be held against the clock."""
    return datetime.fromisoformat(text).timestamp()
