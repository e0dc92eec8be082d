"""What a submission's container may do and use: the same limits for one that runs alone and for one of a project."""

from typing import Any

from grader.engine.connection import Engine

# Docker's default set less what an honest web app never needs: raw sockets, device nodes, chroot, file capabilities.
# With none at all, a start script that runs as root and then changes its user would fail.
CAPABILITIES = ("CHOWN", "DAC_OVERRIDE", "FOWNER", "KILL", "NET_BIND_SERVICE", "SETGID", "SETUID")
PIDS = 256  # fewer would stop gVisor's own threads
OPEN_FILES = 4096
SHARED_MEMORY = "64m"
# The default driver keeps everything; this one turns over. It cannot compress with one file alone.
LOG_DRIVER = "local"
LOG_OPTIONS = {"max-size": "1m", "max-file": "2"}


def limits(engine: Engine, *, memory: int) -> dict[str, Any]:
    """The limits as the engine's API names them; `memory` in megabytes, swap included."""
    profile: dict[str, Any] = {
        "cap_drop": ["ALL"],
        "cap_add": list(CAPABILITIES),
        "security_opt": ["no-new-privileges"],
        "mem_limit": f"{memory}m",
        "memswap_limit": f"{memory}m",
        "nano_cpus": 1_000_000_000,
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
