"""A submission that is up and running: started, waited for, asked, varied, and taken down again."""

import contextlib
import dataclasses
import random
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from grader import http, misplaced, observation, readiness
from grader.deadline import BUSY, Deadline
from grader.engine.container import Container, State
from grader.engine.deployment import Deployment, Refusal
from grader.engine.sockets import listening
from grader.engine.turns import Held
from grader.errors import TooBusy
from grader.exercise import Run
from grader.facts import DidNotStart, ImageFacts, Rebuilt, Stopped, Variation
from grader.http import Answer, NoAnswer, Request
from grader.questions import POLL, Questions
from grader.readiness import Silence

if TYPE_CHECKING:
    from grader.compose import Project

HOST_PORT = 8080  # what the course publishes on, in the commands that a report shows
SETTLE = 0.2  # seconds in which an app that crashed on a request takes its container with it
BEHIND = (502, 503, 504)  # what a proxy answers for a service behind it that is not up yet
PATIENCE = 30.0  # seconds in which such an answer does not count
PATIENCE_INSIDE = 10.0  # the same where both run in one container, and start at the same moment
HALF = 0.5  # of its time: what was held up for more was late by more than was meant
AFTER_UP = 5.0  # seconds that an app has for its first answer at least, however long it waited for other services


@dataclass(kw_only=True)
class Target(Questions):
    """A submission's containers on the engine; the run's ledger removes what is left of them."""

    name: str  # of the image, or the service that is asked, in the commands that a report shows
    command: str  # how a student starts the same
    deploy: Callable[[Variation], Deployment]
    rebuilder: Callable[[Mapping[str, bytes]], Rebuilt]
    image: ImageFacts  # of the service that is asked
    run: Run
    seed: int
    files: Mapping[str, bytes]  # that were handed in
    project: "Project | None" = None
    variation: Variation = field(default_factory=Variation)
    used: bool = False  # a check has stopped it, or changed what it keeps: the next one needs a new one
    _state: State | None = None
    _patience: Deadline | None = None  # until then, who stands behind a proxy has time to come up

    def __post_init__(self) -> None:
        self.deployment = self.deploy(self.variation)

    @property
    def port(self) -> int:
        return self.variation.port or self.run.port

    def start(self) -> dict[str, str]:
        """Bring it up and wait until it answers; returns the evidence where it does not, else nothing.

        :raises EngineFault: the engine is at fault
        """
        self._state = None
        timeout = self.run.timeout + max(self.variation.late.values(), default=0)
        with Held(self.deployment, starting=True) as held_up:
            facts = self._come_up(Deadline(timeout, held_up))
            # An app's own patience has a clock that we cannot stop: it was to wait for the late one, not for others.
            if facts and self.variation.late and held_up() > HALF * held_up.seconds:
                raise TooBusy(BUSY)
        return facts

    def _come_up(self, deadline: Deadline) -> dict[str, str]:
        if refusal := self.deployment.up(deadline):
            return self._evidence(refusal=refusal)
        deadline.give(AFTER_UP)
        main, helper = self._main, self.bases[0]
        self._patience = self.deadline(min(PATIENCE if self.project else PATIENCE_INSIDE, deadline.left() - POLL))
        silence = readiness.wait(
            main,
            ask=self._ask_whether_ready,
            sockets=lambda: listening(self.engine, container=main.id, image=helper, label=self.lease.label),
            deadline=deadline,
        )
        return self._evidence(silence=silence) if silence else {}

    def restart(self) -> dict[str, str]:
        """Bring it up anew, with nothing kept; returns as `start` does."""
        self.deployment.down(data=True)
        self.deployment, self.used = self.deploy(self.variation), False
        return self.start()

    def replace(self) -> None:
        """Put new containers in place of the old ones; what is kept in volumes stays.

        :raises DidNotStart: they do not come up
        """
        self.used = True
        self.deployment.down(data=False)
        if facts := self.start():
            raise DidNotStart(facts)

    @contextlib.contextmanager
    def another(self, variation: Variation) -> Iterator["Target"]:
        """A second target of the same submission that differs in one thing; this one stays as it is.

        :raises DidNotStart: it does not come up
        """
        other = dataclasses.replace(self, variation=variation, used=False)
        try:
            if facts := other.start():
                raise DidNotStart(facts)
            yield other
        finally:
            self.engine.later(other.deployment.down, data=True)

    def rebuild(self, edits: Mapping[str, bytes]) -> Rebuilt:
        """Build the submission again with the files of `edits` in place of its own."""
        return self.rebuilder(edits)

    def random(self, name: str) -> random.Random:
        """A generator that gives the same for the same seed and name, in whatever order the checks run."""
        return random.Random(f"{self.seed}:{name}")  # noqa: S311 -- must be repeatable

    def request(self, request: Request) -> Answer:
        state = self._state or self._main.state()
        if not state.address:  # an empty name would be this machine itself
            raise NoAnswer("unreachable", "the container has no address any more")
        return http.send(state.address, state.port, request, deadline=self.deadline(http.DEADLINE))

    def curl(self, request: Request) -> str:
        return request.curl(HOST_PORT)

    def stop(self, seconds: float, service: str = "") -> Stopped:
        self.used = True
        return self.container(service).stop(self.deadline(seconds))

    def condition(self) -> dict[str, str]:
        """How it is after a failed check: whether it still runs, and what it printed."""
        containers = self.deployment.containers
        if self.deployment.main not in containers:
            return {}  # nothing was started yet: the check looked at the image
        state = self._settled()
        self.used = self.used or not state.running
        facts = {"running": "yes" if state.running else "no", "logs": self._main.logs()} | observation.of_end(state)
        if self.project:
            facts |= observation.of_services(containers, self.deployment.main, "")
        return facts

    @property
    def _main(self) -> Container:
        return self.container()

    def _settled(self) -> State:
        """Its state, a moment later if it still runs: an app closes its connections before its container ends."""
        deadline = time.monotonic() + SETTLE
        while (state := self._main.state()).running and time.monotonic() < deadline:
            time.sleep(POLL)
        return state

    def _ask_whether_ready(self, state: State) -> None:
        self._state = state
        try:
            answer = self.request(Request(path=self.run.ready))
        except TooBusy as held:  # for one answer's limit; the start has a longer one, and is asked again
            raise NoAnswer("timeout", str(held)) from held
        if answer.status in BEHIND and self._patience and not self._patience.is_past and not self._one_has_ended():
            raise NoAnswer("behind", f"{answer.status} for a service that is not up yet")

    def _one_has_ended(self) -> bool:
        """Whether a service broke down: then the others wait for it in vain."""
        states = [container.state() for container in self.deployment.containers.values()]
        return any(not state.running and state.exit_code for state in states)

    def _evidence(self, *, refusal: Refusal | None = None, silence: Silence | None = None) -> dict[str, str]:
        containers = self.deployment.containers
        main = containers.get(self.deployment.main)
        # A container that the engine refused to start has no end to tell of.
        ended = main.state() if main and (silence or self.project) else None
        facts = observation.of_start(
            name=self.name,
            port=self.port,
            image=self.image,
            files=tuple(self.files),
            state=ended,
            logs=main.logs() if main else "",
            refusal=refusal,
            reason=silence.reason if silence else "",
            listening=silence.listening if silence else (),
        )
        facts |= misplaced.of_image(self.image, tuple(self.files), facts, self.contents)
        if self.project:
            facts |= observation.of_services(containers, self.deployment.main, refusal.service if refusal else "")
        return facts
