"""Looks after the disk of the engine on this machine: a build or a container would fail for want of room on it."""

import os
import shutil

from grader.engine.connection import Engine
from grader.engine.faults import engine_faults

LOW = 500_000_000  # bytes


def free(engine: Engine) -> int | None:
    """How many bytes are free where the engine keeps its data, or None where we cannot look.

    :raises EngineFault: the engine did not tell where that is
    """
    root = str(engine.info.get("DockerRootDir") or "")
    if not engine.local or not os.path.isdir(root):
        return None
    return shutil.disk_usage(root).free


def short(engine: Engine) -> str:
    """One line where less is free than the low mark; nothing where there is enough, or where we cannot look.

    :raises EngineFault: the engine did not tell where it keeps its data
    """
    left = free(engine)
    if left is None or left >= LOW:
        return ""
    root = engine.info["DockerRootDir"]
    return f"the engine's disk is nearly full ({left / 1e6:.0f} MB free in {root}): run `docker system prune`"


def trim_build_cache(engine: Engine, keep: int) -> None:
    """Remove what was used longest ago of the build cache, until it holds `keep` bytes at most.

    :raises EngineFault: the engine did not do it
    """
    with engine_faults("trimming the build cache"):
        engine.client.api.prune_builds(keep_storage=keep)
