"""The limits of a submission's container as the engine's API names them."""

from typing import Any

from grader.engine.connection import Engine
from grader.limits import CAPABILITIES, CPUS, LOG_DRIVER, LOG_OPTIONS, OPEN_FILES, PIDS, SHARED_MEMORY


def limits(engine: Engine, *, memory: int) -> dict[str, Any]:
    """For a container on its own; `memory` in megabytes, swap included."""
    profile: dict[str, Any] = {
        "cap_drop": ["ALL"],
        "cap_add": list(CAPABILITIES),
        "security_opt": ["no-new-privileges"],
        "mem_limit": f"{memory}m",
        "memswap_limit": f"{memory}m",
        "nano_cpus": CPUS * 1_000_000_000,
        "pids_limit": PIDS,
        "shm_size": SHARED_MEMORY,
        "ulimits": [
            {"Name": "nofile", "Soft": OPEN_FILES, "Hard": OPEN_FILES},
            {"Name": "core", "Soft": 0, "Hard": 0},
        ],
        "log_config": {"Type": LOG_DRIVER, "Config": LOG_OPTIONS},
        "restart_policy": {"Name": "no"},
    }
    return profile | ({"runtime": engine.runtime} if engine.runtime else {})
