"""The `session` check: several requests that share their cookies, and hand on what they found."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import replace

from grader.checks.answer import SHOWN_LIMIT, Verdict, evidence
from grader.checks.base import Check, Subject
from grader.checks.capture import Capture
from grader.checks.exchange import Exchange, Exchanged
from grader.checks.slips import Faults, texts
from grader.cookies import Jar
from grader.curl import JAR, quoted, variable
from grader.http import Answer
from grader.report import Result
from grader.words import KNOWN, PLACEHOLDER, draw, newness, placeholders

STEPS_LIMIT = 30


class Step(Exchange, frozen=True, kw_only=True):
    """One exchange of a session, and what later steps need of its answer."""

    name: str = ""  # a few words, such as "log in"
    captures: dict[str, Capture] = {}  # placeholder -> where its value is found

    def label(self, number: int) -> str:
        return f"step {number}: {self.name}" if self.name else f"step {number}"


class SessionCheck(Check, frozen=True, kw_only=True, tag="session"):
    """Sends its steps in order, as one browser would: cookies are kept and sent back, redirects are not followed.

    `{word}` and the others are drawn once, so that what one step posts can be looked for in another. The first step
    whose assertions do not hold ends the session.
    """

    steps: tuple[Step, ...]  # written [[checks.steps]], 30 at most

    def asks(self) -> str:
        asked = "; then ".join(step.asks() for step in self.steps)
        return f"In one session, {asked}{newness(asked)}"

    def faults(self) -> Faults:
        if not 2 <= len(self.steps) <= STEPS_LIMIT:
            yield "steps", f"a session has 2 to {STEPS_LIMIT} steps, and this has {len(self.steps)}: see kind = 'http'"
        known = KNOWN
        for number, step in enumerate(self.steps):
            for field, fault in (*step.faults(known), *step_faults(step, known, self.steps[number + 1 :])):
                yield f"steps[{number}]" + (f".{field}" if field else ""), f"{step.label(number + 1)}: {fault}"
            known |= step.captures.keys()

    def run(self, subject: Subject) -> Result:
        browser = Browser(subject, draw(subject.random(self.id)))
        for number, step in enumerate(self.steps, 1):
            done = browser.take(step)
            if done.fault:
                facts = {"step": str(number), "step_name": step.name, **done.evidence, **browser.jar.facts}
                return self.failed(
                    asked=browser.asked,
                    expected=f"{step.label(number)}\n{done.expected}",
                    got=f"{step.label(number)}\n{done.got}",
                    evidence=facts,
                )
        return self.passed(asked=browser.asked, got=f"{len(self.steps)} steps in {browser.seconds * 1000:.0f} ms")


class Browser:
    """What a session has come to: its cookies, what was captured, and the commands that do the same."""

    def __init__(self, subject: Subject, values: Mapping[str, str]) -> None:
        self.jar = Jar()
        self.seconds = 0.0
        self._subject, self._values = subject, dict(values)
        self._shown = dict(values)
        self._commands = [f"rm -f {JAR}"]

    @property
    def asked(self) -> str:
        """The whole session on one line: pasted in several, `read` would take the next command for its answer."""
        return " && ".join(self._commands)

    def take(self, step: Step) -> Exchanged:
        """Perform a step and capture what it says; a capture that finds nothing is a fault as well."""
        self._commands.append(self._subject.curl(step.request(self._shown, self.jar)))
        done = step.perform(self._subject, self._values, self.jar)
        if done.fault or done.answer is None:
            return done
        self.seconds += done.answer.seconds
        for name, capture in step.captures.items():
            value = capture.find(done.answer, done.path, self.jar)
            if value is None:
                return _without(done, done.answer, capture)
            self._values[name] = value
            # Another session gets another token: what was captured in this one would be refused in a student's.
            self._shown[name] = variable(name)
            self._commands.append(f"read -rp {quoted(f'{name}, {capture.source}: ')} {name}")
        return done


def _without(done: Exchanged, answer: Answer, capture: Capture) -> Exchanged:
    """The same exchange, with a fault: what later steps need is not in its answer."""
    verdict = Verdict(fault="capture", facts={"looked_for": capture.source})
    return replace(
        done,
        expected=f"{answer.status}\n{capture.source}",
        got=f"{answer.status}\nnot found in\n\n{answer.text[:SHOWN_LIMIT]}",
        fault="capture",
        evidence=evidence(answer, done.path, verdict),
    )


def step_faults(step: Step, known: Set[str], later: Sequence[Step]) -> Faults:
    """What is wrong with a step besides its exchange; `known` are the placeholders that are taken."""
    if "cookie" in {name.lower() for name in step.headers}:
        yield "headers", "headers: the session sends its cookies by itself: take Cookie out"
    for name, capture in step.captures.items():
        if not PLACEHOLDER.fullmatch(f"{{{name}}}"):
            yield "captures", f"captures: {name!r} is no placeholder: write lower-case letters, digits and _"
        elif name in known:
            yield "captures", f"captures: {{{name}}} is taken: choose another name"
        elif not any(name in placeholders(text) for each in later for text in texts(each)):
            yield "captures", f"captures: {{{name}}} is used by no later step"
        yield from (("captures", f"captures: {name}: {fault}") for fault in capture.faults())
