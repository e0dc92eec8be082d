"""The kernel's cgroups as files, in both of their layouts: made with limits, watched, and removed."""

import contextlib
import os
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path("/sys/fs/cgroup")
MEMORY = 1 << 30  # bytes, swap included
PIDS = 512
PERIOD = 100_000  # microseconds; as many of them as one core has, like a container
ENDING = 2.0  # seconds for killed processes to be gone

# Folder, file, value. The files for swap are only there where the kernel counts it.
V1 = (
    ("pids", "pids.max", PIDS),
    ("memory", "memory.limit_in_bytes", MEMORY),
    ("memory", "memory.memsw.limit_in_bytes", MEMORY),
    ("cpu", "cpu.cfs_quota_us", PERIOD),
)
V2 = (
    (".", "pids.max", PIDS),
    (".", "memory.max", MEMORY),
    (".", "memory.swap.max", 0),
    (".", "cpu.max", f"{PERIOD} {PERIOD}"),
)
CONTROLLERS = ("memory", "pids", "cpu")
COUNT = re.compile(r"^oom_kill (?P<count>\d+)$", re.MULTILINE)


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Wait until no other thread or process of this machine is inside such a `with`.

    :raises OSError: there are no cgroups here
    """
    import fcntl

    folder = os.open(ROOT if _unified() else ROOT / V1[0][0], os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def make(name: str) -> None:
    """Make a cgroup with the limits.

    :raises FileExistsError: it is there, and somebody's
    :raises OSError: this kernel, or our place on it, does not allow it
    """
    settings = V2 if _unified() else V1
    first = ROOT / settings[0][0] / name
    if _unified():
        for controller in CONTROLLERS:
            (ROOT / "cgroup.subtree_control").write_text(f"+{controller}")
    first.mkdir()
    try:
        for folder, file, value in settings:
            path = ROOT / folder / name / file
            path.parent.mkdir(exist_ok=True)
            if path.exists() or "sw" not in file:
                path.write_text(str(value))
    except OSError:
        remove(name)
        raise


def idle(name: str, seconds: float) -> bool:
    """Whether nothing runs in it, and it was made long ago."""
    group = ROOT / name if _unified() else ROOT / "pids" / name
    try:
        made, busy = group.stat().st_mtime, any(_text(inner / "cgroup.procs") for inner in (group, *_below(group)))
    except OSError:
        return False
    return not busy and time.time() - made > seconds


def remove(name: str) -> None:
    """Remove a cgroup and end what runs in it; what cannot be removed stays."""
    # The one that counts processes comes first: a fork bomb must be stopped before its processes are ended.
    hierarchies = [ROOT] if _unified() else sorted(_folders(ROOT), key=lambda path: path.name != V1[0][0])
    deadline = time.monotonic() + ENDING
    for group in (hierarchy / name for hierarchy in reversed(hierarchies)):
        if group.is_dir():
            _end(hierarchies[0] / name)
            _give_back(group)
        while group.is_dir() and not _removed(group) and time.monotonic() < deadline:
            time.sleep(0.005)
            _end(group)


def script() -> str:
    """Shell commands that make the cgroup `$name` in the current folder, the host's own."""
    enable = "; ".join(f"echo +{controller} > cgroup.subtree_control" for controller in CONTROLLERS)
    return f"if [ -e cgroup.controllers ]; then {enable}; {_commands(V2)}; else {_commands(V1)}; fi"


class Kills:
    """Tells whether the kernel killed in a cgroup for want of memory since this was made.

    Of an older kernel's cgroups, only the one of the step itself counts that, and it is gone with the step: there the
    kernel is asked to signal it as it happens.
    """

    def __init__(self, name: str) -> None:
        self._events, self._signal = ROOT / name / "memory.events", -1
        self._before = count(_text(self._events))
        if not _unified():
            folder = ROOT / "memory" / name
            with contextlib.suppress(OSError), (folder / "memory.oom_control").open() as control:
                self._signal = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
                (folder / "cgroup.event_control").write_text(f"{self._signal} {control.fileno()}")

    def any(self) -> bool:
        """Whether it did; a second call asks for what came after the first."""
        if self._signal < 0:
            return count(_text(self._events)) > self._before
        try:
            return os.eventfd_read(self._signal) > 0
        except BlockingIOError:
            return False

    def close(self) -> None:
        """Stop watching."""
        if self._signal >= 0:
            os.close(self._signal)


def count(events: str) -> int:
    """The number of processes killed for want of memory, in the text of a memory.events."""
    found = COUNT.search(events)
    return int(found["count"]) if found else 0


def _commands(settings: tuple[tuple[str, str, object], ...]) -> str:
    made = "; ".join(f'mkdir -p "{folder}/$name"' for folder in dict.fromkeys(folder for folder, _, _ in settings))
    written = "; ".join(
        (f'[ ! -e "{folder}/$name/{file}" ] || ' if "sw" in file else "") + f'echo {value} > "{folder}/$name/{file}"'
        for folder, file, value in settings
    )
    return f"{made}; {written}"


def _unified() -> bool:
    return (ROOT / "cgroup.controllers").exists()


def _removed(group: Path) -> bool:
    """Remove a cgroup, the inner ones first; whether it is gone."""
    for inner in _folders(group):
        _removed(inner)
    try:
        group.rmdir()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True


def _give_back(group: Path) -> None:
    """Have an older kernel drop the cached pages that are charged to it: it would keep the cgroup for them, unseen."""
    if (empty := group / "memory.force_empty").is_file():
        with contextlib.suppress(OSError):
            empty.write_text("0", encoding="ascii")


def _end(group: Path) -> None:
    """Kill what runs in a cgroup and below."""
    with contextlib.suppress(OSError):
        (group / "pids.max").write_text("0")  # or a fork bomb would be faster than we are
    for inner in (group, *_below(group)):
        for number in _text(inner / "cgroup.procs").split():
            if int(number):  # 0 is a process that is not in our own name space
                with contextlib.suppress(OSError):
                    os.kill(int(number), signal.SIGKILL)


def _below(group: Path) -> list[Path]:
    return [each for inner in _folders(group) for each in (inner, *_below(inner))]


def _folders(path: Path) -> list[Path]:
    try:
        return [inner for inner in path.iterdir() if inner.is_dir()]
    except OSError:
        return []


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
