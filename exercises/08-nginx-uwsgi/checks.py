"""What no other kind of check can look at: one of two servers is killed, and somebody has to notice."""

import time
from random import Random

from grader.checks.base import Subject
from grader.checks.program import is_dead, names
from grader.checks.python import Failed
from grader.facts import Variation
from grader.http import NoAnswer, Request

PATIENCE = 20.0  # seconds for the container to end, or for a supervisor to start the server anew
STEADY = 4.0  # seconds: an nginx that finds its port taken tries again for 2.5, and only then gives up
PAUSE = 0.2
# Each process as its number and its command; the image may hold no `ps`.
LIST = r'for p in /proc/[0-9]*; do echo "${p#/proc/} $(tr "\0" " " < "$p/cmdline")"; done 2>/dev/null'
FRONT = Request(path="/")


def without_uwsgi(subject: Subject, random: Random) -> None:
    _without(subject, "uwsgi")


def without_nginx(subject: Subject, random: Random) -> None:
    # One that ends by itself must not pass for one that has noticed.
    _without(subject, "nginx", steady=STEADY)


def _without(subject: Subject, program: str, steady: float = 0.0) -> None:
    """Kill all processes of the program in a second container; it must end, or recover."""
    with subject.another(Variation()) as other:
        _stands(other, steady)
        if not (numbers := _numbers(other, program)):
            raise Failed(
                expected=f"{program}, running", got="it does not run", facts={"fault": "missing", "missing": program}
            )
        if "1" in numbers:
            return  # process 1 takes its container with it
        # All at once, by the shell's own `kill`: of a master alone, the workers would live on.
        other.execute(["sh", "-c", f"kill -KILL {' '.join(numbers)}"], timeout=PATIENCE)
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if not other.processes() or _answers(other):
                return
            time.sleep(PAUSE)
        shown = "\n".join(each.command for each in other.processes() if not is_dead(each.command))
        said = other.printed()
    raise Failed(
        asked=f"docker exec {subject.name} sh -c 'kill -KILL {' '.join(numbers)}'; sleep {PATIENCE:g}; docker ps",
        expected="a container that has ended, or that answers again",
        got=f"it is up, and does not answer as it should; in it run\n{shown}",
        facts={"fault": "survived", "logs": f"{said.stdout}\n{said.stderr}"},
    )


def _stands(subject: Subject, seconds: float) -> None:
    """It goes on by itself for so long."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not subject.processes():
            got = f"it ended by itself, less than {seconds:g} s after it was up"
            raise Failed(expected="a container that goes on", got=got, facts={"fault": "ended"})
        time.sleep(PAUSE)


def _numbers(subject: Subject, program: str) -> list[str]:
    """The numbers of the program's processes, as they are inside; a master's comes before its workers'."""
    rows = subject.execute(["sh", "-c", LIST], timeout=PATIENCE).stdout.splitlines()
    found = [number for number, _, command in (row.partition(" ") for row in rows) if program in names(command)]
    return sorted(found, key=int)


def _answers(subject: Subject) -> bool:
    try:
        return subject.request(FRONT).status == 200
    except NoAnswer:
        return False
