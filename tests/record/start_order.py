"""Records Compose projects that start: what Compose waits for, and when the app first meets its database."""

import itertools
import os
import re
import secrets
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from grader.sphinx.explorer_facts import Event, StartRun

from .machine import MARK, docker, image, inspect, logs, moment

ORDERS = ("none", "short", "healthy")
APPS = {
    "gives-up": {"PATIENCE": "0", "RESTART": "no"},
    "restarts": {"PATIENCE": "0", "RESTART": "on-failure"},
    "waits": {"PATIENCE": "60", "RESTART": "no"},
}
VOLUMES = ("empty", "filled")
LONGEST_START = 300.0
# It says so a first time while its data folder is being made, when it takes no connection from outside.
READY = "database system is ready to accept connections"
TOLD = re.compile(r"^(\S+Z) (.*)$", re.MULTILINE)


def record(files: Path) -> list[StartRun]:
    with image(files) as name:
        return [
            run
            for order, app in itertools.product(ORDERS, APPS)
            for run in _first_and_second_start(files, name, order, app)
        ]


def _first_and_second_start(files: Path, image_name: str, order: str, app: str) -> Iterator[StartRun]:
    """Start a project whose volume is empty; take it down and start it again, with the volume as it was left."""
    project = f"{MARK}-{secrets.token_hex(4)}"
    env = {**os.environ, **APPS[app], "IMAGE": image_name}
    compose = ("compose", "-p", project, "-f", "compose.yaml", "-f", f"{order}.yaml", "-f", "shares.yaml")
    try:
        for volume in VOLUMES:
            docker(*compose, "up", "--detach", "--quiet-pull", folder=files, env=env)
            events = _await_end(project)
            docker(*compose, "down", "--timeout", "5", folder=files, env=env)
            yield StartRun(choose={"order": order, "app": app, "volume": volume}, events=events)
    finally:
        docker(*compose, "down", "--volumes", "--timeout", "0", folder=files, env=env, check=False)


def _await_end(project: str) -> tuple[Event, ...]:
    """The events until the app met its database, or was given up and the database is ready."""
    until = time.monotonic() + LONGEST_START
    while time.monotonic() < until:
        database, app = inspect(f"{project}-db-1")["State"], inspect(f"{project}-app-1")
        ended = app["State"]["Status"] == "exited" and app["HostConfig"]["RestartPolicy"]["Name"] == "no"
        events = read(
            logs(f"{project}-db-1", "--timestamps"),
            logs(f"{project}-app-1", "--timestamps"),
            start=moment(database["StartedAt"]),
            end=moment(app["State"]["FinishedAt"]) if ended else None,
        )
        names = [event.what for event in events]
        if "db-ready" in names and ("met" in names or "given-up" in names) and _is_up(database):
            return events
        time.sleep(0.3)
    raise RuntimeError(f"after {LONGEST_START:g} seconds the app of {project} had neither met its database nor ended")


def _is_up(database: dict[str, Any]) -> bool:
    """Whether the server takes connections from outside: while it makes its data folder, it does not."""
    return bool(database.get("Health", {}).get("Status") == "healthy")


def read(database_log: str, app_log: str, *, start: float, end: float | None) -> tuple[Event, ...]:
    """The events that the logs tell of in their order; `end` is when the app was given up."""
    ready = [at for at, line in _lines(database_log) if READY in line]
    found = [(start, "db-started"), *((at, "db-ready") for at in ready[-1:])]
    refused = False
    for at, line in _lines(app_log):
        if line == "starting":
            found.append((at, "app-started"))
            refused = False
        elif line == "the database answers":
            found.append((at, "met"))
        elif line.startswith("no database") and not refused:
            found.append((at, "refused"))
            refused = True
    if end is not None:
        found.append((end, "given-up"))
    return tuple(Event(at=round(max(at - start, 0.0), 1), what=what) for at, what in sorted(found))


def _lines(log: str) -> Iterator[tuple[float, str]]:
    for time_told, line in TOLD.findall(log):
        yield moment(time_told), line.rstrip()
