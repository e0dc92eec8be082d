"""What the recorded runs mean, in words: for each a short answer, and the steps that lead to it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from grader.sphinx.explorer_facts import BuildRun, Event, RequestRun, SignalRun, StartRun

ASKED = "8080"
NETWORK_ADDRESS = "192.168.1.20"  # stands for the address of the reader's machine on its network
INIT = "docker-init"
SHELL = "sh"
KILLED = 137  # 128 and the number of SIGKILL
EVERYWHERE = "0.0.0.0"  # noqa: S104 - a word that is compared


class State(StrEnum):
    """How a step ended; it gives the step its color and its mark, beside the words."""

    GOOD = "good"  # done, reached, heard
    KEPT = "kept"  # nothing had to be done
    BUSY = "busy"  # took time
    BAD = "bad"  # here it ends
    OUT = "out"  # never came to this


@dataclass(frozen=True)
class Step:
    """One line of the picture; `start` and `end` are seconds, and draw a bar where the end is later."""

    says: str
    state: State
    start: float = 0.0
    end: float = 0.0


@dataclass(frozen=True)
class Told:
    """A run in words; what stands in backquotes is code."""

    short: str
    steps: tuple[Step, ...]


def build(run: BuildRun) -> Told:
    again = sum(step.again for step in run.steps)
    steps, at = [], 0.0
    for step in run.steps:
        if step.again:
            says = f"`{step.line}` runs again: {step.seconds:.1f} s"
            steps.append(Step(says, State.BUSY, at, at + step.seconds))
            at += step.seconds
        elif step.line.startswith("FROM") and run.choose["changed"] == "base":
            steps.append(Step(f"`{step.line}` is another image now", State.BUSY))
        else:
            steps.append(Step(f"`{step.line}` is kept", State.KEPT))
    if not again:
        return Told("Nothing runs again.", tuple(steps))
    return Told(f"{again} {'step runs' if again == 1 else 'steps run'} again, and that takes {at:.1f} s.", tuple(steps))


def request(run: RequestRun) -> Told:
    chosen = run.choose
    address = "127.0.0.1" if chosen["asked"] == "here" else NETWORK_ADDRESS
    steps = [Step(f"`curl http://{address}:{ASKED}/` asks", State.GOOD), *_way(run, address)]
    said = "It answers: " if run.exit_code == 0 else ""
    return Told(f"{said}`{run.printed}` (curl ends with {run.exit_code})", tuple(steps))


def _way(run: RequestRun, address: str) -> tuple[Step, Step, Step]:
    """How far the request comes: to your machine, into the container, to the app."""
    chosen = run.choose
    machine, container = (
        f"Your machine, at {address} port {ASKED}",
        f"The container, at port {chosen['container-port']}",
    )
    if not let_in(chosen):
        return (
            Step(f"{machine}: nothing is published here", State.BAD),
            Step("The container: it never comes here", State.OUT),
            Step("The app: it hears nothing", State.OUT),
        )
    passed = Step(f"{machine}: published, and passed on", State.GOOD)
    if not heard(chosen):
        why = "nobody listens to the outside" if chosen["container-port"] == chosen["app-port"] else "nobody listens"
        return (
            passed,
            Step(f"{container}: {why}", State.BAD),
            Step(f"The app, at {chosen['app-address']} port {chosen['app-port']}: it hears nothing", State.OUT),
        )
    return passed, Step(f"{container}: the app listens", State.GOOD), Step("The app: it answers", State.GOOD)


def let_in(chosen: Mapping[str, str]) -> bool:
    """Whether what is asked leads into the container."""
    reached = chosen["published"] == "all" or (chosen["published"] == "loopback" and chosen["asked"] == "here")
    return reached and chosen["host-port"] == ASKED


def heard(chosen: Mapping[str, str]) -> bool:
    """Whether the app listens where Docker delivers."""
    return chosen["container-port"] == chosen["app-port"] and chosen["app-address"] == EVERYWHERE


def signal(run: SignalRun) -> Told:
    name = f"SIG{run.choose['signal']}"
    if name == "SIGKILL":
        step = Step("The kernel ends every process of the container; none of them is asked", State.BAD)
        return Told(f"It is gone at once. Exit code {run.exit_code}.", (step,))
    goes_on = run.exit_code == KILLED
    steps = [Step(f"Docker sends {name} to process 1, which is `{run.first}`", State.GOOD)]
    steps.append(Step(_reaction(run, name, goes_on=goes_on), State.BAD if goes_on else State.GOOD))
    if goes_on:
        steps.append(Step("After 10 s Docker sends SIGKILL, which ends everything", State.BAD, 0.0, 10.0))
        return Told(f"It is killed after 10 s. Exit code {run.exit_code}.", tuple(steps))
    if run.first == INIT and run.second == SHELL:
        steps.append(Step("With process 1 the container ends, and the kernel ends the server, unasked", State.BAD))
    # How many seconds hangs on the machine; that it is no ten, which Docker would have waited, does not.
    return Told(f"It ends within seconds. Exit code {run.exit_code}.", tuple(steps))


def _reaction(run: SignalRun, name: str, *, goes_on: bool) -> str:
    if run.first == INIT:
        return f"It passes {name} on to `{run.second}`, which {'goes on' if goes_on else 'ends'}"
    unheard = f"; `{run.second}` never hears of it" if run.second else ""
    if not run.catches:
        return f"It has no handler for {name}, and what would end another process does not end process 1{unheard}"
    return f"It has a handler for {name}, and {'goes on' + unheard if goes_on else 'ends'}"


def start(run: StartRun) -> Told:
    ready = next(event.at for event in run.events if event.what == "db-ready")
    steps = [Step(f"The database starts, and is ready after {ready:.1f} s", State.BUSY, 0.0, ready)]
    met = None
    for tried in attempts(run.events):
        met = tried.get("met")
        begun, refused = tried["app-started"], tried.get("refused")
        says = f"The app starts after {begun:.1f} s"
        if met is None:
            steps.append(Step(f"{says}: no database, and it ends", State.BAD, begun, refused or begun))
        elif refused is None:
            steps.append(Step(f"{says}: the database answers", State.GOOD, begun, met))
        else:
            steps.append(Step(f"{says}: no database, and it asks until there is one", State.GOOD, begun, met))
    if met is None:
        return Told("They never meet: the app has ended, with exit code 1.", tuple(steps))
    return Told(f"They meet after {met:.1f} s.", tuple(steps))


def attempts(events: Iterable[Event]) -> list[dict[str, float]]:
    """What each start of the app came to: the name of an event, and when it was."""
    found: list[dict[str, float]] = []
    for event in events:
        if event.what == "app-started":
            found.append({})
        if found and not event.what.startswith("db-"):
            found[-1].setdefault(event.what, event.at)
    return found


TELL: Mapping[str, Callable[[Any], Told]] = {
    "layer-cache": build,
    "port-mapping": request,
    "pid-1": signal,
    "start-order": start,
}
