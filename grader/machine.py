"""Which kind of machine this is, and the one command that gives an engine to such a machine."""

import os
import platform
import sys
from dataclasses import dataclass
from pathlib import Path

# Where installing is not ours to do, the user types the distribution's own command.
ADVICE = {
    "darwin": "brew install --cask docker-desktop",
    "win32": "winget install Docker.DockerDesktop",
    "fedora": "sudo dnf install -y moby-engine docker-cli docker-buildx docker-compose",
    "arch": "sudo pacman -S docker docker-buildx docker-compose",
    "suse": "sudo zypper install docker docker-buildx docker-compose",
    "alpine": "doas apk add docker docker-cli-buildx docker-cli-compose",
}


@dataclass(frozen=True, kw_only=True)
class Machine:
    """What decides how the engine is installed and started."""

    system: str  # as sys.platform has it
    family: tuple[str, ...] = ()  # the distribution's id, then those it is like
    codename: str = ""
    root: bool = False
    init: str = ""  # what PID 1 is, where it starts services: "systemd" or "init"

    @property
    def debian(self) -> bool:
        """Whether its packages come through apt: Debian, Ubuntu, and their kin."""
        return "debian" in self.family or "ubuntu" in self.family

    @property
    def ours(self) -> bool:
        """Whether we may install here: through apt, as root."""
        return self.debian and self.root

    @property
    def sudo(self) -> str:
        """What a command that needs root begins with here."""
        return "" if self.root else "sudo "

    @property
    def advice(self) -> str:
        """The one command that installs the engine here."""
        if self.ours:
            return "make doctor"
        if self.debian:
            return f"sudo {sys.executable} -m grader doctor --fix"
        known = (command for name, command in ADVICE.items() if name in (self.system, *self.family))
        return next(known, "open https://docs.docker.com/engine/install/")


def this_machine() -> Machine:
    """The machine that we run on."""
    try:
        release = platform.freedesktop_os_release()
    except OSError:
        release = {}
    try:
        first = Path("/proc/1/comm").read_text(encoding="utf-8").strip()
    except OSError:
        first = ""
    return Machine(
        system=sys.platform,
        family=(release.get("ID", ""), *release.get("ID_LIKE", "").split()),
        codename=release.get("VERSION_CODENAME", ""),
        root=hasattr(os, "geteuid") and os.geteuid() == 0,
        init=first if first in ("systemd", "init") else "",
    )
