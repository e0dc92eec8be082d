"""Removes the folders that containers mounted: what a container wrote there may belong to a user who is not ours."""

import contextlib
import shutil
from pathlib import Path

from grader.engine.connection import Engine
from grader.engine.faults import engine_faults
from grader.engine.sidecar import finish, sidecar

INSIDE = "/mounted"
TIMEOUT = 60  # seconds


def remove(folder: Path, *, engine: Engine, image: str, label: str) -> None:
    """Remove a folder with all that is in it, by a container that may where we may not.

    :param image: any image with `find`, the student's too: nothing else is mounted into its container
    :raises EngineFault: the engine is at fault
    """
    with contextlib.suppress(FileNotFoundError):
        try:
            shutil.rmtree(folder)
        except PermissionError:
            _empty(folder, engine=engine, image=image, label=label)
            shutil.rmtree(folder, ignore_errors=True)


def _empty(folder: Path, *, engine: Engine, image: str, label: str) -> None:
    host = {
        "network_mode": "none",
        "cap_drop": ["ALL"],
        "cap_add": ["DAC_OVERRIDE", "FOWNER"],
        "read_only": True,
        "mem_limit": "64m",
        "pids_limit": 16,
        "security_opt": ["no-new-privileges"],
        "binds": [f"{folder}:{INSIDE}"],
    }
    command = ("find", INSIDE, "-mindepth", "1", "-delete")
    with (
        engine_faults("removing what a container wrote"),
        sidecar(engine, image, command, label=label, host=host, user="0") as made,
    ):
        finish(engine, made, timeout=TIMEOUT)
