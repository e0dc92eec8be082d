"""The `logs` check: what reaches standard output and standard error, where `docker logs` shows it."""

from collections.abc import Mapping
from typing import Literal

from grader.checks.base import Check, Subject
from grader.checks.exchange import Exchange
from grader.checks.polling import until
from grader.checks.service import absence, log_end, service_faults, typed
from grader.checks.slips import Faults
from grader.checks.texts import Texts, Verdict, joined, shown
from grader.checks.whereabouts import is_buffered, log_file
from grader.checks.wording import wanted
from grader.facts import Printed
from grader.report import Result
from grader.words import KNOWN, draw, fill, newness, placeholders

WITHIN = 2.0  # seconds
LONGEST = 30.0
STREAMS = {"any": "the log", "stdout": "standard output", "stderr": "standard error"}
ONE_STREAM = {"any": "", "stdout": " 2>/dev/null", "stderr": " 2>&1 >/dev/null"}
Values = Mapping[str, str]


class LogsCheck(Check, frozen=True, kw_only=True, tag="logs"):
    """Makes the request in `before` and reads what the log has gained since; without `before`, all of the log.

    What must be there may come a moment after the answer: it is waited for. What must not be there is looked for all of
    `within`, so a check that `excludes` takes that long.
    """

    before: Exchange | None = None  # need not assert anything: that it is answered is enough
    service: str = ""  # whose log it is
    contains: tuple[str, ...] = ()  # each appears in the log
    excludes: tuple[str, ...] = ()  # none appears in the log
    matches: tuple[str, ...] = ()  # regular expressions, found anywhere
    stream: Literal["stdout", "stderr", "any"] = "any"  # where these are looked for
    within: float = WITHIN  # seconds from the answer

    @property
    def texts(self) -> Texts:
        return Texts(contains=self.contains, excludes=self.excludes, matches=self.matches)

    def asks(self) -> str:
        after = ""
        if self.before:
            request = f"{self.before.verb} {self.before.target}"
            after = f"{self.before.asks()}; then " if wanted(self.before) else f"after {request}, "
        log = f"{STREAMS[self.stream]}{f' of {self.service}' if self.service else ''}"
        asked = f"{after}{log} has {', '.join(self.texts.wanted())}"
        return asked[:1].upper() + asked[1:] + newness(asked)

    def faults(self) -> Faults:
        if not self.texts:
            yield "", "asserts nothing and can never fail: add contains, matches or excludes"
        if self.before is None:
            for field in ("contains", "excludes", "matches"):
                for name in sorted(placeholders(*getattr(self, field)) & KNOWN):
                    yield field, f"{field}: {{{name}}} is new in every run, and no request brings it: add before"
        else:
            for field, fault in self.before.faults():
                if field or wanted(self.before):  # that it asserts nothing is no fault here
                    yield f"before.{field}" if field else "before", f"before: {fault}"
        if not 0 < self.within <= LONGEST:
            yield "within", f"within = {self.within:g} must be more than 0 and at most {LONGEST:g} seconds"
        if fault := service_faults(self.service):
            yield "service", fault
        yield from self.texts.faults()

    def run(self, subject: Subject) -> Result:
        values = draw(subject.random(self.id))
        look = typed(subject, "logs", self.service) + ("" if subject.project else ONE_STREAM[self.stream])
        if none := absence(subject, self.service):
            expected = f"a service {self.service}"
            return self.failed(asked=look, expected=expected, got=none["services"], evidence=none)
        asked, earlier = look, Printed()
        if self.before:
            earlier = subject.printed(self.service)
            done = self.before.perform(subject, values)
            asked = f"{done.asked}; {look}"
            if done.fault:
                evidence = {**done.evidence, "fault": done.fault}
                expected = done.expected or "an HTTP answer"
                return self.failed(asked=asked, expected=expected, got=done.got, evidence=evidence)
        printed, verdict = self._wait(subject, values, earlier)
        if not verdict.fault:
            return self.passed(asked=asked, got=f"{', '.join(self.texts.expected(values))} in {STREAMS[self.stream]}")
        return self._failed(subject, asked, printed, verdict, values)

    def _wait(self, subject: Subject, values: Values, earlier: Printed) -> tuple[Printed, Verdict]:
        """What was printed since, and the assertion that does not hold of it."""

        def look() -> tuple[Printed, Verdict]:
            printed = since(earlier, subject.printed(self.service))
            return printed, self.texts.judge(of_stream(printed, self.stream), values)

        def enough(seen: tuple[Printed, Verdict]) -> bool:
            # That something must not be there is settled when it is; that it is not takes all of the time.
            return seen[1].fault == "excludes" or not (seen[1].fault or self.excludes)

        return until(look, enough, subject.deadline(self.within))

    def _failed(self, subject: Subject, asked: str, printed: Printed, verdict: Verdict, values: Values) -> Result:
        text = of_stream(printed, self.stream)
        facts = {
            "fault": verdict.fault,
            "looked_for": verdict.text,
            "stream": self.stream,
            "silent": "" if printed.stdout or printed.stderr else "yes",
            "service": self.service,
            **verdict.facts,
        }
        if verdict.fault != "excludes":
            facts |= self._whereabouts(subject, printed, values)
        got = shown(text, verdict) or f"nothing in {STREAMS[self.stream]}"
        if elsewhere := facts.get("elsewhere", ""):
            got = f"it is in {STREAMS[elsewhere]}, and not in {STREAMS[self.stream]}"
        expected = "\n".join(f"{each} in {STREAMS[self.stream]}" for each in self.texts.expected(values))
        evidence = {name: text for name, text in facts.items() if text}
        return self.failed(asked=asked, expected=expected, got=got, evidence=evidence, log=log_end(printed))

    def _whereabouts(self, subject: Subject, printed: Printed, values: Values) -> dict[str, str]:
        """Where that went which is missing: the other stream, a file, or a buffer that was never written out."""

        def shows(there: Printed, stream: str = self.stream) -> bool:
            return not self.texts.lacking(of_stream(there, stream), values).fault

        other = "stderr" if self.stream == "stdout" else "stdout"
        if self.stream != "any" and shows(printed, other):
            return {"elsewhere": other}
        for part in (fill(each, values) for each in self.contains if placeholders(each)):
            # Another text may stand in any file, such as the source.
            if part not in of_stream(printed, "any") and (path := log_file(subject, self.service, part)):
                return {"log_file": path}
        if self.before and not self.service and is_buffered(subject, self.before, values, shows, self.within):
            return {"buffered": "yes"}
        return {}


def of_stream(printed: Printed, stream: str) -> str:
    """The text of one stream, or of both."""
    if stream != "any":
        return printed.stdout if stream == "stdout" else printed.stderr
    return joined(printed.stdout, printed.stderr)


def since(earlier: Printed, now: Printed) -> Printed:
    """What was printed after `earlier`, on each stream."""
    return Printed(stdout=_added(earlier.stdout, now.stdout), stderr=_added(earlier.stderr, now.stderr))


def _added(earlier: str, now: str) -> str:
    """What `now` has behind `earlier`; of both the engine gives the last lines alone, so that the first may be gone."""
    if now.startswith(earlier):
        return now[len(earlier) :]
    lines = earlier.splitlines(keepends=True)
    for number in range(1, len(lines)):
        if now.startswith(kept := "".join(lines[number:])):
            return now[len(kept) :]
    return now
