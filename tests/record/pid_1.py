"""Records signals: for each way of starting a server, who gets the signal, after how long it is gone, and how."""

import itertools
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath

from grader.sphinx.explorer_facts import SignalRun

from .machine import container, docker, image, inspect, moment

AT_ONCE = 6  # containers: each only waits, most of its time
GRACE = 10  # seconds until the signal that cannot be caught: what `docker stop` grants
LONG_GRACE = 25  # for those that do something with the signal, so that a busy machine changes no verdict
SHARES = "262144"  # of the processor: the most there can be, for the same reason
READY_AFTER = 60.0
NUMBERS = {"TERM": 15, "INT": 2, "KILL": 9}
SERVERS = {
    "flask": "flask --app app run --host 0.0.0.0 --port 8000",
    "http-server": "python -m http.server 8000",
    "waitress": "waitress-serve --port 8000 app:app",
    "gunicorn": "gunicorn --bind 0.0.0.0:8000 app:app",
    "uwsgi": "uwsgi --plugin python3 --http-socket 0.0.0.0:8000 --master --module app:app",
    "uwsgi-die": "uwsgi --plugin python3 --http-socket 0.0.0.0:8000 --master --die-on-term --module app:app",
}
# What a start script does before its last line, which is the server: here it says a word.
SCRIPT = "echo 'echo starting; {last}' > boot.sh; exec sh boot.sh"
FORMS = ("exec", "shell", "shell-exec", "script", "script-exec", "exec-init", "shell-init")


def record(files: Path) -> list[SignalRun]:
    with image(files / "python") as python, image(files / "uwsgi") as uwsgi, ThreadPoolExecutor(AT_ONCE) as pool:
        chosen = list(itertools.product(FORMS, SERVERS, NUMBERS))
        images = [uwsgi if server.startswith("uwsgi") else python for _, server, _ in chosen]
        return list(pool.map(_end, images, chosen))


def command(form: str, server: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The options of `docker run` and the words of the command: for the shell form, what the builder makes of it."""
    line = SERVERS[server]
    options = ("--init",) if form.endswith("-init") else ()
    match form.removesuffix("-init"):
        case "exec":
            return options, tuple(line.split())
        case "shell":
            return options, ("/bin/sh", "-c", line)
        case "shell-exec":
            return options, ("/bin/sh", "-c", f"exec {line}")
        case "script":
            return options, ("/bin/sh", "-c", SCRIPT.format(last=line))
    return options, ("/bin/sh", "-c", SCRIPT.format(last=f"exec {line}"))


def _end(image_name: str, chosen: tuple[str, str, str]) -> SignalRun:
    form, server, signal = chosen
    options, words = command(form, server)
    with container(*options, "--cpu-shares", SHARES, "-p", "127.0.0.1::8000", image_name, *words) as name:
        _await_server(name)
        first, second = _programs(name)
        catches = bool(_caught(name) >> (NUMBERS[signal] - 1) & 1)
        began = time.time()
        docker("stop", "--signal", signal, "-t", str(LONG_GRACE if catches or "--init" in options else GRACE), name)
        state = inspect(name)["State"]
        return SignalRun(
            choose={"form": form, "server": server, "signal": signal},
            first=first,
            catches=catches,
            second=second,
            seconds=round(moment(state["FinishedAt"]) - began, 1),
            exit_code=state["ExitCode"],
        )


def _await_server(name: str) -> None:
    address = docker("port", name, "8000").split()[0]
    until = time.monotonic() + READY_AFTER
    while True:
        try:
            urllib.request.urlopen(f"http://{address}/", timeout=5).close()
            return
        except (urllib.error.URLError, OSError):
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def _programs(name: str) -> tuple[str, str]:
    """Process 1, and the program that it started unless that is the same, as with a server's own workers."""
    listed = [line.split(None, 2) for line in docker("top", name, "-eo", "pid,ppid,args").splitlines()[1:]]
    pids = {pid for pid, _, _ in listed}
    [(first, args)] = [(pid, args) for pid, parent, args in listed if parent not in pids]
    children = [program(args) for _, parent, args in listed if parent == first]
    return program(args), next((child for child in children if child != program(args)), "")


def program(args: str) -> str:
    """The name of a program in its command line: the script's where an interpreter runs it."""
    words = iter(args.split())
    name = PurePosixPath(next(words)).name
    if name.startswith("python"):
        return next((PurePosixPath(word).name for word in words if word != "-m"), name)
    return name


def _caught(name: str) -> int:
    """The signals that process 1 has a handler for, as the kernel's bit mask."""
    status = docker("exec", name, "cat", "/proc/1/status")
    return int(next(_values(status, "SigCgt")), 16)


def _values(status: str, key: str) -> Iterator[str]:
    yield from (line.split()[1] for line in status.splitlines() if line.startswith(f"{key}:"))
