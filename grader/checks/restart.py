"""The `restart` check: is what was written still there when the containers are new?"""

from collections.abc import Sequence
from typing import ClassVar

from grader.checks.base import Check, Subject
from grader.checks.exchange import Exchanged
from grader.checks.session import STEPS_LIMIT, Browser, Step, step_faults
from grader.checks.slips import Faults
from grader.cookies import Jar
from grader.curl import JAR
from grader.facts import DidNotStart
from grader.report import Result
from grader.words import KNOWN, draw, newness

GRACE = 3.0  # seconds for an app to write out what it holds, before its container is removed


class RestartCheck(Check, frozen=True, kw_only=True, tag="restart"):
    """Performs `before`, puts new containers in place of the old ones, and performs `after`.

    Volumes stay, as they do after `docker compose down` and `up`. The steps are those of a session: what one of them
    captures can be used later, and `{word}` and the others are drawn once. A browser's cookies do not survive, unless
    `keep_cookies` says so: then whoever was logged in must still be.
    """

    destructive: ClassVar[bool] = True

    before: tuple[Step, ...]  # what is written, and shown to be there
    after: tuple[Step, ...]  # what the new containers are asked
    keep_cookies: bool = False  # the same browser asks afterwards

    def asks(self) -> str:
        before, after = ("; then ".join(step.asks() for step in steps) for steps in (self.before, self.after))
        asked = f"{before}. In new containers, with the volumes of the old: {after}"
        return asked + newness(asked)

    def faults(self) -> Faults:
        steps = (*self.before, *self.after)
        if not self.before:
            yield "before", "before is empty: nothing is written that could be lost"
        if not self.after:
            yield "after", "after is empty: the check could never find that something was lost"
        if len(steps) > STEPS_LIMIT:
            yield "after", f"before and after are {len(steps)} steps, and {STEPS_LIMIT} are enough"
        known = KNOWN
        for number, step in enumerate(steps):
            own = number < len(self.before)
            where = f"before[{number}]" if own else f"after[{number - len(self.before)}]"
            for field, fault in (*step.faults(known), *step_faults(step, known, steps[number + 1 :])):
                yield where + (f".{field}" if field else ""), f"{where}: {fault}"
            known |= step.captures.keys()

    def run(self, subject: Subject) -> Result:
        visitor = _Visitor(subject, draw(subject.random(self.id)))
        if failed := self._performed(visitor, "before", self.before):
            return failed
        if subject.project is None:
            # `docker compose down` asks the services to end, and whoever types `docker rm -f` is told to stop first.
            subject.stop(GRACE)
        try:
            subject.replace()
        except DidNotStart as down:
            raise DidNotStart({**down.facts, "phase": "after replacement"}) from down
        visitor.replaced(_replacement(subject), keep_cookies=self.keep_cookies)
        if failed := self._performed(visitor, "after", self.after):
            return failed
        steps = len(self.before) + len(self.after)
        return self.passed(asked=visitor.asked, got=f"{steps} steps in {visitor.seconds * 1000:.0f} ms")

    def _performed(self, visitor: "_Visitor", phase: str, steps: Sequence[Step]) -> Result | None:
        """The failure of the first step that does not get what it asserts, or nothing where all do."""
        for number, step in enumerate(steps, 1):
            done = visitor.take(step)
            if done.fault:
                return self._lost(visitor, phase, f"{phase}, {step.label(number)}", done)
        return None

    def _lost(self, visitor: "_Visitor", phase: str, label: str, done: Exchanged) -> Result:
        evidence = {**done.evidence, "fault": done.fault, "phase": phase, "step_name": label, **visitor.jar.facts}
        if phase == "after" and done.answer is not None:
            evidence["lost"] = "yes"
        return self.failed(
            asked=visitor.asked,
            expected=f"{label}\n{done.expected}",
            got=f"{label}\n{done.got}",
            evidence=evidence,
        )


class _Visitor(Browser):
    """A browser that meets the app a second time."""

    def replaced(self, command: str, *, keep_cookies: bool) -> None:
        """Note the command that put new containers in place, and forget the cookies."""
        self._commands.append(command)
        if not keep_cookies:
            self.jar = Jar()
            self._commands.append(f"rm -f {JAR}")


def _replacement(subject: Subject) -> str:
    if subject.project:
        return "docker compose down && docker compose up -d"
    return f"docker stop {subject.name} && docker rm {subject.name} && {subject.command}"
