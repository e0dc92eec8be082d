"""The `env` check: started with other variables, does the app answer as they say?"""

import re
import shlex

from grader.checks.base import Check, Subject
from grader.checks.exchange import Exchange
from grader.checks.service import log_end
from grader.checks.slips import Faults
from grader.checks.texts import EVIDENCE_LIMIT
from grader.facts import DidNotStart, Variation
from grader.report import Result
from grader.words import draw, fill, newness, slips

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class EnvCheck(Check, frozen=True, kw_only=True, tag="env"):
    """Starts the submission a second time with the variables in `set`, and asks `then` of it.

    With `port`, the second one counts as up when it answers there: for an app that reads its port from a variable.
    In a Compose project the variables go to the service that is asked, over those that the file gives it.
    """

    set: dict[str, str]  # name -> value; placeholders are filled
    port: int | None = None  # inside the container, that it must listen on then
    then: Exchange  # that is asked of the second one

    def asks(self) -> str:
        variables = " ".join(f"{name}={value}" for name, value in self.set.items())
        where = f" on port {self.port}" if self.port else ""
        asked = f"Started with {variables}{where}, {self.then.asks()}"
        return asked + newness(asked)

    def faults(self) -> Faults:
        if not self.set:
            yield "set", "set is empty, so nothing is other than at the first start: name a variable"
        for name, value in self.set.items():
            if not NAME.fullmatch(name):
                yield "set", f"set: {name!r} is no variable's name: letters, digits and _, such as 'GREETING'"
            if "\0" in value:
                yield "set", f"set: {name}: no variable can hold a NUL character"
        for slip, meant in slips(*self.set.values()).items():
            yield "set", f"set: unknown placeholder {{{slip}}}, did you mean {{{meant}}}?"
        if self.port is not None and not 0 < self.port < 65536:
            yield "port", f"port = {self.port} is not between 1 and 65535"
        elif self.port and not any(str(self.port) in value for value in self.set.values()):
            yield "port", f"port = {self.port}, and no variable in set says so: the app could not know"
        yield from ((f"then.{field}" if field else "then", f"then: {fault}") for field, fault in self.then.faults())

    def run(self, subject: Subject) -> Result:
        """Start a second one, and ask.

        :raises DidNotStart: with these variables it does not come up; the facts name them as `set`
        """
        values = draw(subject.random(self.id))
        environment = {name: fill(value, values) for name, value in self.set.items()}
        variation = Variation(environment=environment, port=self.port or 0)
        names = {"set": " ".join(self.set)}
        try:
            with subject.another(variation) as other:
                done = self.then.perform(other, values)
                printed = other.printed() if done.fault else None
        except DidNotStart as down:
            raise DidNotStart(down.facts | names) from down
        asked = f"{self._command(subject, environment)} && {done.asked}"
        if printed is None:
            return self.passed(asked=asked, got=done.got)
        # The log that tells is the second one's: the first was never asked.
        log = log_end(printed)
        logs = f"{printed.stdout}\n{printed.stderr}"[-EVIDENCE_LIMIT:]
        evidence = {**done.evidence, **names, "fault": done.fault, "logs": logs}
        return self.failed(asked=asked, expected=done.expected, got=done.got, evidence=evidence, log=log)

    def _command(self, subject: Subject, environment: dict[str, str]) -> str:
        """How a student starts the same, in place of the container that has the name and the port by now."""
        given = [word for name, value in environment.items() for word in ("-e", f"{name}={value}")]
        if subject.project:
            start = ["docker", "compose", "run", "-d", "--service-ports", *given, subject.name]
            return f"docker compose rm -fs {shlex.quote(subject.name)}; {shlex.join(start)} && sleep 2"
        *start, image = shlex.split(subject.command)
        if self.port and "-p" in start:
            published = start.index("-p") + 1
            start[published] = f"{start[published].rpartition(':')[0]}:{self.port}"
        return f"docker rm -f {shlex.quote(subject.name)}; {shlex.join([*start, *given, image])} && sleep 2"
