"""The `stop` check: asked to end, does it end by itself, in time and cleanly?"""

import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import ClassVar

from grader.checks.base import Check, Subject
from grader.checks.exchange import Exchange, Exchanged
from grader.checks.service import no_service
from grader.checks.shell import SHELLS
from grader.checks.slips import Faults
from grader.errors import PassingFault
from grader.facts import Stopped
from grader.http import DEADLINE
from grader.report import Result
from grader.words import draw, newness

CLEAN = (0, 143)  # ended by itself, or by the signal it was sent (128 + 15)
SLOW = 1.0  # seconds that an answer takes at least, for a signal to come in the middle of it
TRIES = 2  # a machine that is busy may not have taken the request when the signal came


class StopCheck(Check, frozen=True, kw_only=True, tag="stop"):
    """Sends the image's stop signal to PID 1 and waits; what still runs after `seconds` is killed, and fails.

    With `graceful`, a slow answer is asked for first, and the signal comes while it is being made: it must still come
    whole. The answer takes a second or more, or no signal could be sure to find the app at work.
    """

    destructive: ClassVar[bool] = True

    seconds: float = 5.0  # in which it must have ended by itself
    exit_codes: tuple[int, ...] = CLEAN  # with one of which it must have ended
    service: str = ""  # of a Compose file; without it the one that requests go to
    graceful: Exchange | None = None  # a slow answer that must not be lost

    @property
    def codes(self) -> str:
        return " or ".join(map(str, self.exit_codes))

    def asks(self) -> str:
        what = f"docker stop ends {self.service or 'it'} within {self.seconds:g} s, with exit code {self.codes}"
        if self.graceful is None:
            return what
        asked = f"{what}, and what it was just answering is answered to its end: {self.graceful.asks()}"
        return asked + newness(asked)

    def faults(self) -> Faults:
        if not 0 < self.seconds <= 60:
            yield "seconds", f"seconds = {self.seconds:g} must be more than 0 and at most 60"
        if not self.exit_codes:
            yield "exit_codes", "exit_codes is empty, so the check could never pass: name the codes of a clean end"
        if 137 in self.exit_codes:
            yield "exit_codes", "exit code 137 is that of our own kill, so the check could never fail: take it out"
        for code in self.exit_codes:
            if not 0 <= code <= 255:
                yield "exit_codes", f"exit code {code} is not between 0 and 255"
        if self.graceful is not None:
            if self.service:
                yield "service", "graceful asks the service that requests go to: take service out"
            if self.seconds < DEADLINE:
                yield "seconds", f"seconds = {self.seconds:g}: an answer may take {DEADLINE:g}, so give it as long"
            yield from ((f"graceful.{name}" if name else "graceful", fault) for name, fault in self.graceful.faults())

    def run(self, subject: Subject) -> Result:
        asked = self._asked(subject)
        if self.service and (absent := no_service(self, subject, self.service, asked=asked)):
            return absent
        if self.graceful is not None:
            return self._gracefully(subject, self.graceful, asked)
        first = self._first(subject)
        return self._judged(subject, subject.stop(self.seconds, self.service), asked, first)

    def _judged(self, subject: Subject, stopped: Stopped, asked: str, first: str) -> Result:
        if stopped.running and not stopped.killed and stopped.exit_code in self.exit_codes:
            return self.passed(asked=asked, got=f"exit code {stopped.exit_code} after {stopped.seconds:.1f} s")
        how = "still running, and was killed," if stopped.killed else f"exit code {stopped.exit_code}"
        if not stopped.running:
            how = f"it had ended by itself before, with {how},"
        return self.failed(
            asked=asked,
            expected=f"exit code {self.codes} within {self.seconds:g} s",
            got=f"{how} after {stopped.seconds:.1f} s",
            evidence=self._evidence(subject, stopped, first),
        )

    def _evidence(self, subject: Subject, stopped: Stopped, first: str) -> dict[str, str]:
        evidence = {
            "ended_before": "no" if stopped.running else "yes",
            "killed": "yes" if stopped.killed else "no",
            "exit_code": str(stopped.exit_code),
            "command": first if self.service else subject.image.line,
            "service": self.service,
            "first": first,
        }
        if first:
            evidence["shell_first"] = "yes" if _is_shell(first) else "no"
        if not stopped.killed and stopped.exit_code > 128:
            evidence["ended_by_signal"] = str(stopped.exit_code - 128)
        return {name: fact for name, fact in evidence.items() if fact or name == "command"}

    def _gracefully(self, subject: Subject, slow: Exchange, asked: str) -> Result:
        """The same while an answer is under way.

        An answer that was lost is asked for a second time: the first signal may have come before the app had taken
        the request, on a machine that was busy with something else.
        """
        values = draw(subject.random(self.id))
        plain = slow.perform(subject, values)
        asked = f"{plain.asked} &\nsleep 1; {asked}"
        took = plain.answer.seconds if plain.answer else 0.0
        if plain.fault or took < SLOW:
            evidence = {**plain.evidence, "fault": plain.fault or "too-fast", "in_flight": "no"}
            got = plain.got if plain.fault else f"it came in {took:.2f} s, before any signal could"
            expected = plain.expected if plain.fault else f"an answer that takes {SLOW:g} s or more"
            return self.failed(asked=asked, expected=expected, got=got, evidence=evidence)
        for number in range(TRIES):
            if number:
                subject.replace()
            first = self._first(subject)
            done, stopped = self._interrupted(subject, slow, values, took / 2)
            if not done.fault:
                return self._judged(subject, stopped, asked, first)
        evidence = {**self._evidence(subject, stopped, first), **done.evidence, "fault": done.fault}
        got = f"the signal came after {took / 2:.1f} s of {took:.1f}: {done.got}"
        return self.failed(asked=asked, expected=done.expected, got=got, evidence=evidence | {"in_flight": "lost"})

    def _interrupted(
        self, subject: Subject, slow: Exchange, values: Mapping[str, str], after: float
    ) -> tuple[Exchanged, Stopped]:
        """How the answer went that was under way for `after` seconds when the signal came, and how the app ended."""
        with ThreadPoolExecutor(1) as pool:
            asking = pool.submit(slow.perform, subject, values)
            time.sleep(after)
            stopped = subject.stop(self.seconds)
            return asking.result(), stopped

    def _first(self, subject: Subject) -> str:
        """The command of PID 1; nothing where the container has ended, which has none."""
        try:
            processes = subject.processes(self.service)
        except PassingFault:
            return ""
        return next((process.command for process in processes if process.first), "")

    def _asked(self, subject: Subject) -> str:
        if subject.project:
            return f"docker compose stop -t {self.seconds:g} {self.service or subject.name}"
        return f"docker stop -t {self.seconds:g} {subject.name}"


def _is_shell(command: str) -> bool:
    words = command.split()
    return bool(words) and words[0].lstrip("-").rpartition("/")[2] in SHELLS
