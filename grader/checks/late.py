"""The `late` check: does the app get over a service that comes up late?"""

import contextlib
import time
from typing import ClassVar

from grader.checks.base import Check, Subject
from grader.checks.exchange import Exchange, Exchanged
from grader.checks.service import HEALTHY, log_end, no_service
from grader.checks.slips import Faults
from grader.checks.texts import EVIDENCE_LIMIT
from grader.facts import DidNotStart, Printed, Variation
from grader.report import Outcome, Result
from grader.words import draw, newness

LONGEST = 60.0  # seconds
RECOVERY = 45.0  # seconds for an app to be well again, once the service has begun its work: some machines are busy
SETTLED = 5.0  # seconds for one that was started when the service was healthy
POLL = 0.25  # seconds between two requests to an app that is not yet
SERVER_ERROR = 500
EARLY_LIMIT = 16_000  # characters of what was printed at first: a traceback of SQLAlchemy has some thousand


class LateCheck(Check, frozen=True, kw_only=True, tag="late"):
    """Starts the project anew, with one service held back before its first command; then asks `then`.

    The container of the late service is there from the beginning, so that its name is known and its port is closed: as
    it is while a database makes its first files. Whether the app waits by itself, or Compose waits for a health check,
    or the app ends and is restarted, or tries with each request, is all the same.
    """

    needs_project: ClassVar[bool] = True

    service: str  # which is held back
    seconds: float = 8.0  # by which it is
    then: Exchange  # that is asked once the project has had time to recover

    def asks(self) -> str:
        asked = f"With {self.service} {self.seconds:g} s late, {self.then.asks()}"
        return asked + newness(asked)

    def faults(self) -> Faults:
        if not self.service.strip():
            yield "service", "service is empty: name the one that comes late"
        if not 0 < self.seconds <= LONGEST:
            yield "seconds", f"seconds = {self.seconds:g} must be more than 0 and at most {LONGEST:g}"
        yield from ((f"then.{field}" if field else "then", fault) for field, fault in self.then.faults())

    def run(self, subject: Subject) -> Result:
        asked = f"docker compose up -d, with {self.service} {self.seconds:g} s late"
        if absent := no_service(self, subject, self.service, asked=asked):
            return absent
        services = subject.project.active if subject.project else {}
        waited = any(each.depends_on.get(self.service) == HEALTHY for each in services.values())
        # On its first start a database answers some health checks while it still makes its files, and takes no
        # connections: whoever waits for health may meet that moment once.
        if waited:
            with contextlib.suppress(DidNotStart):
                result = self._once(subject, asked, SETTLED)
                if result.outcome is Outcome.PASS:
                    return result
        return self._once(subject, asked, SETTLED if waited else self.seconds + RECOVERY)

    def _once(self, subject: Subject, asked: str, patience: float) -> Result:
        with subject.another(Variation(late={self.service: self.seconds})) as late:
            deadline = late.deadline(patience)
            values = draw(subject.random(self.id))
            done = self.then.perform(late, values)
            # What was said when the service was away: later requests may push it out of the log that is kept.
            early = _early(late.printed()) if done.fault else ""
            # An app that makes its connection for each request is up at once, and well once the service is.
            while done.fault and _may_recover(done) and not deadline.is_past:
                time.sleep(POLL)
                done = self.then.perform(late, values)
            asked = f"{asked}\n{done.asked}"
            if not done.fault:
                return self.passed(asked=asked, got=done.got)
            # The log that tells is this one's: the first target was not asked.
            printed = late.printed()
            logs = f"{printed.stdout}\n{printed.stderr}"[-EVIDENCE_LIMIT:]
            evidence = {**done.evidence, "fault": done.fault, "late": self.service, "logs": logs, "early_logs": early}
            return self.failed(
                asked=asked, expected=done.expected, got=done.got, evidence=evidence, log=log_end(printed)
            )


def _early(printed: Printed) -> str:
    return f"{printed.stderr}\n{printed.stdout}"[:EARLY_LIMIT]


def _may_recover(done: Exchanged) -> bool:
    return done.answer is None or done.answer.status >= SERVER_ERROR
