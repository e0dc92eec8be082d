"""Installs the engine, and the programs that build images, from the distribution's packages."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from grader import host
from grader.errors import EngineFault
from grader.machine import Machine, this_machine

OLDEST_ENGINE = 23  # the first whose `docker build` is BuildKit, which names the steps it took from its cache
OLDEST_COMPOSE = 2  # the first that is `docker compose`
# Debian's names and Ubuntu's; one that a release does not have is left out.
PACKAGES = (
    "docker.io",
    "docker-cli",
    "docker-buildx",
    "docker-compose-v2",
    "docker-compose",
    "containerd",
    "runsc",
)
LENDER = "trixie"  # the Debian release that lends its engine to an older one
LENT = ("docker.io", "docker-cli", "docker-buildx", "docker-compose", "containerd", "runsc", "runc")
YIELDING = ("runc", "runsc", "containerd")  # in this order, where the older release cannot run the lender's
APT_TIMEOUT = 900


@dataclass(frozen=True, kw_only=True)
class Done:
    """How a command ended."""

    code: int
    output: str  # stdout and stderr as they came


class Run(Protocol):
    """Runs a command to its end; the seam that the tests stand at."""

    def __call__(self, *command: str) -> Done: ...


def run(*command: str) -> Done:
    """Run a command of the system's, in English, asking nothing."""
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env={**os.environ, "LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"},
            timeout=APT_TIMEOUT,
        )
    except FileNotFoundError:
        return Done(code=127, output=f"{command[0]}: not found")
    except subprocess.TimeoutExpired:
        return Done(code=124, output=f"{command[0]} did not end within {APT_TIMEOUT} s")
    return Done(code=done.returncode, output=done.stdout)


def require(program: str, run: Run = run) -> None:
    """Have a program whose package has the same name, installing it where that is ours to do.

    :raises EngineFault: it is not here, and we may not install it
    """
    if shutil.which(program):
        return
    if not this_machine().ours:
        raise EngineFault(f"{program} is needed and not here: on Debian, `sudo apt install {program}`, then again")
    _apt_get(run, "update")
    _apt_get(run, "install", "-y", "--no-install-recommends", program)


def install(machine: Machine, progress: Callable[[str], None], *, run: Run = run, apt: Path = host.APT) -> None:
    """Install the engine, buildx and Compose from the distribution.

    :raises EngineFault: this is not ours to do, or apt failed
    """
    if not machine.ours:
        raise EngineFault(f"the engine is not for us to install on this machine: run `{machine.advice}`, then again")
    progress("Installing the container engine from the distribution's packages (about a minute)")
    _apt_get(run, "update")
    versions = candidates(run, PACKAGES)
    if not complete(versions):
        _borrow(machine, run, apt)
        versions = candidates(run, PACKAGES)
    wanted = [name for name in PACKAGES if name in versions]
    if "docker-compose-v2" in wanted and "docker-compose" in wanted:
        wanted.remove("docker-compose")  # where both exist, this is the one from before `docker compose`
    _apt_get(run, "install", "-y", "--no-install-recommends", *wanted)


def candidates(run: Run, packages: Iterable[str]) -> dict[str, str]:
    """The version that apt would install of each package; one that it cannot have is left out."""
    found, name = {}, ""
    for line in run("apt-cache", "policy", *packages).output.splitlines():
        if line.endswith(":") and not line.startswith(" "):
            name = line[:-1]
        elif (version := line.strip().removeprefix("Candidate: ")) != line.strip() and version != "(none)":
            found[name] = version
    return found


def complete(versions: dict[str, str]) -> bool:
    """Whether these packages make a new enough engine, with buildx and Compose."""
    compose = "docker-compose-v2" in versions or major(versions.get("docker-compose", "")) >= OLDEST_COMPOSE
    return major(versions.get("docker.io", "")) >= OLDEST_ENGINE and "docker-buildx" in versions and compose


def major(version: str) -> int:
    """The first number of a version, a Debian epoch aside; 0 where there is none."""
    found = re.match(r"(?:\d+:)?v?(\d+)", version)
    return int(found[1]) if found else 0


def preferences(packages: Iterable[str]) -> str:
    """apt's pins: these packages from the lender, and nothing else of it, ever."""
    return (
        f"Package: *\nPin: release n={LENDER}\nPin-Priority: -10\n\n"
        f"Package: {' '.join(packages)}\nPin: release n={LENDER}\nPin-Priority: 990\n"
    )


def _borrow(machine: Machine, run: Run, apt: Path) -> None:
    """Let apt take the engine from a newer Debian release on the same mirror."""
    known = host.suite_sources(host.apt_sources(apt), machine.codename, LENDER)
    lenders = [source for source in known if source.suites == (LENDER,)]
    if not lenders or machine.family[0] != "debian":
        raise EngineFault(f"this release has no engine {OLDEST_ENGINE} or newer with buildx and Compose: upgrade it")
    pins = apt / "preferences.d" / "shipshape-engine"
    entry = apt / "sources.list.d" / "shipshape-engine.sources"
    # The pins first: without them, one upgrade would turn the machine into the newer release.
    pins.write_text(preferences(LENT), encoding="utf-8")
    entry.write_text("\n".join(source.deb822() for source in lenders), encoding="utf-8")
    _apt_get(run, "update")
    for count in range(len(YIELDING) + 1):
        lent = [name for name in LENT if name not in YIELDING[:count]]
        pins.write_text(preferences(lent), encoding="utf-8")
        there = candidates(run, LENT)
        trial = run("apt-get", "install", "--simulate", "--no-install-recommends", *there)
        if trial.code == 0 and complete(there):
            return
    entry.unlink()
    pins.unlink()
    raise EngineFault(f"{LENDER}'s engine does not go with this release ({_last(trial)}): upgrade to Debian {LENDER}")


def _apt_get(run: Run, *args: str) -> None:
    done = run("apt-get", *args)
    if done.code:
        raise EngineFault(f"`apt-get {' '.join(args)}` failed: {_last(done)}; mend that, then `make doctor`")


def _last(done: Done) -> str:
    return " / ".join(line.strip() for line in done.output.strip().splitlines()[-4:])
