"""Starts the engine's daemon and waits until it answers."""

import os
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from grader.engine.survey import survey
from grader.errors import EngineFault
from grader.install import Run, run
from grader.machine import Machine

LOG = Path("/var/log/shipshape-dockerd.log")
TIMEOUT = 60  # seconds until the engine answers
PAUSE = 0.1
# Of a terminal, which the daemon has none of: `ps`, which it runs for `docker top`, cuts its lines to this width.
TERMINAL = frozenset({"COLUMNS", "LINES", "TERM"})
SERVICE = {"systemd": ("systemctl", "enable", "--now", "docker"), "init": ("service", "docker", "start")}


def start(machine: Machine, progress: Callable[[str], None], *, run: Run = run) -> None:
    """Start the daemon the way this machine starts services, or by ourselves where it starts none.

    :raises EngineFault: it did not come up
    """
    progress("Starting the container engine")
    if machine.init:
        command = SERVICE[machine.init]
        done = run(*command)
        if done.code:
            last = " / ".join(done.output.strip().splitlines()[-3:])
            raise EngineFault(f"`{' '.join(command)}` failed: {last}; see `journalctl -u docker`")
        await_answer(lambda: bool(survey().version), lambda: None, where="`journalctl -u docker`")
    else:
        detach(("dockerd",), LOG, lambda: bool(survey().version))


def detach(command: Sequence[str], log: Path, answers: Callable[[], bool], timeout: float = TIMEOUT) -> None:
    """Start a daemon that outlives us and holds none of our streams, and wait until it answers.

    :raises EngineFault: it ended, or did not answer in time; the message has the log's last words
    """
    with log.open("ab") as output:
        begin = output.tell()
        try:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                cwd="/",
                env={name: value for name, value in os.environ.items() if name not in TERMINAL},
            )
        except OSError as error:
            raise EngineFault(f"{command[0]} cannot be started: {error}; run `make doctor`") from error
    try:
        await_answer(answers, process.poll, where=str(log), timeout=timeout)
    except EngineFault as fault:
        if process.poll() is None:
            process.terminate()
            process.wait()
        with log.open("rb") as written:
            written.seek(begin)
            last = written.read().decode("utf-8", "replace").strip().splitlines()[-3:]
        raise EngineFault(f"{fault}: {' / '.join(last)}") from fault
    # It is meant to outlive us: without a code, Popen would warn of a child that still runs.
    process.returncode = 0


def await_answer(
    answers: Callable[[], bool], ended: Callable[[], int | None], *, where: str, timeout: float = TIMEOUT
) -> None:
    """Poll until the daemon answers.

    :raises EngineFault: it ended, or the time is up
    """
    deadline = time.monotonic() + timeout
    while not answers():
        if (code := ended()) is not None:
            raise EngineFault(f"the engine ended at once with code {code}; its log is {where}")
        if time.monotonic() > deadline:
            raise EngineFault(f"the engine did not answer within {timeout:g} s; its log is {where}")
        time.sleep(PAUSE)
