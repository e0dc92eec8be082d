"""Says when the disk of the engine on this machine is nearly full: a build or a container would fail for it."""

import os
import shutil

from grader.engine.connection import Engine

LOW = 500_000_000  # bytes


def short(engine: Engine) -> str:
    """One line where less is free than the low mark; nothing where there is enough, or where we cannot look.

    :raises EngineFault: the engine did not tell where it keeps its data
    """
    root = str(engine.info.get("DockerRootDir") or "")
    if not engine.local or not os.path.isdir(root):
        return ""
    free = shutil.disk_usage(root).free
    if free >= LOW:
        return ""
    return f"the engine's disk is nearly full ({free / 1e6:.0f} MB free in {root}): run `docker system prune`"
