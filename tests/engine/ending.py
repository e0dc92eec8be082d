"""Ends this machine's engine in the middle of a test, and brings it back."""

import os
import signal
import subprocess
import time
from pathlib import Path

from grader import daemon
from grader.engine import connect
from grader.errors import EngineFault
from grader.machine import this_machine


def dockerd() -> list[int]:
    """The engine's processes on this machine; one that a test started, and has ended since, is none any more.

    Its end is taken note of here: a new engine refuses to start for as long as the old one's number is in use.
    """
    found = subprocess.run(["pgrep", "-x", "dockerd"], capture_output=True, text=True)
    return [int(number) for number in found.stdout.split() if _runs(Path("/proc") / number)]


def _runs(process: Path) -> bool:
    try:
        state = (process / "stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    if state != "Z":
        return True
    try:
        # Its first thread may be gone before the others are: until then there is nothing to take note of.
        return os.waitpid(int(process.name), os.WNOHANG) == (0, 0)
    except ChildProcessError:  # not one of ours
        return False


def answers() -> bool:
    try:
        connect().close()
    except EngineFault:
        return False
    return True


def end_it(number: signal.Signals) -> None:
    """Send the engine a signal, and wait until nobody answers any more: its threads outlive it by a moment."""
    for process in dockerd():
        os.kill(process, number)
    while dockerd() or answers():
        time.sleep(0.05)


def bring_back() -> None:
    """Have an engine that answers; a new one refuses to start for as long as the old one is not quite gone."""
    deadline = time.monotonic() + 60
    while not answers():
        dockerd()
        try:
            daemon.start(this_machine(), lambda line: None)
        except EngineFault:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)
