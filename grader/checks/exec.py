"""The `exec` check: a command inside the running container, its exit code and what it prints."""

from typing import Literal

from grader.checks.base import Check, Subject
from grader.checks.service import absence, service_faults, typed
from grader.checks.slips import Faults
from grader.checks.texts import EVIDENCE_LIMIT, Texts, Verdict, joined, shown
from grader.checks.wording import literal
from grader.facts import Executed
from grader.report import Result
from grader.words import KNOWN, draw, fill, newness, placeholders, slips

TIMEOUT = 10.0  # seconds
LONGEST = 60.0
OUTPUTS = {"any": "the output", "stdout": "standard output", "stderr": "standard error"}


class ExecCheck(Check, frozen=True, kw_only=True, tag="exec"):
    """Runs `command` as `docker exec` does: as the image's user, in its folder, with its variables, without a shell.

    What the command prints is read as text, its first 64 kB of each stream. It sees what the container holds by then,
    and what it changes stays changed for the checks after it.
    """

    command: tuple[str, ...]  # its words; placeholders are filled
    service: str = ""  # in which it is run; without it the one that requests go to
    timeout: float = TIMEOUT  # seconds until it must have ended, 60 at most
    exit_code: int | Literal["any"] = 0  # with which it ends
    contains: tuple[str, ...] = ()  # each stands somewhere in the output
    excludes: tuple[str, ...] = ()  # none stands anywhere in the output
    matches: tuple[str, ...] = ()  # regular expressions, found anywhere in the output
    stream: Literal["stdout", "stderr", "any"] = "any"  # where these are looked for

    @property
    def texts(self) -> Texts:
        return Texts(contains=self.contains, excludes=self.excludes, matches=self.matches)

    def asks(self) -> str:
        wanted = [] if self.exit_code == "any" else [f"ends with exit code {self.exit_code}"]
        if self.texts:
            wanted.append(f"has {', '.join(self.texts.wanted())} in {OUTPUTS[self.stream]}")
        where = f"in the container of {self.service}" if self.service else "in the container"
        asked = f"`{' '.join(self.command)}`, run {where}, {' and '.join(wanted)}"
        return asked + newness(asked)

    def faults(self) -> Faults:
        if self.exit_code == "any" and not self.texts:
            yield "", "asserts nothing and can never fail: add contains, excludes or matches, or name an exit_code"
        yield from self._command_faults()
        if self.exit_code != "any" and not 0 <= self.exit_code <= 255:
            yield "exit_code", f"exit_code = {self.exit_code} is not between 0 and 255"
        if not 0 < self.timeout <= LONGEST:
            yield "timeout", f"timeout = {self.timeout:g} must be more than 0 and at most {LONGEST:g} seconds"
        if self.stream != "any" and not self.texts:
            yield "stream", "stream says where texts are looked for, and there are none: add contains or matches"
        if fault := service_faults(self.service):
            yield "service", fault
        yield from self.texts.faults()

    def run(self, subject: Subject) -> Result:
        values = draw(subject.random(self.id))
        command = tuple(fill(word, values) for word in self.command)
        asked = typed(subject, "exec", self.service, command)
        if none := absence(subject, self.service):
            expected = f"a service {self.service}"
            return self.failed(asked=asked, expected=expected, got=none["services"], evidence=none)
        done = subject.execute(command, timeout=self.timeout, service=self.service)
        output = _output(done, self.stream)
        verdict = self._judged(done, output, values)
        if not verdict.fault:
            return self.passed(asked=asked, got=_got(done, "", ""))
        facts = {
            "fault": verdict.fault,
            "exit_code": "" if done.exit_code is None else str(done.exit_code),
            "timed_out": "yes" if done.timed_out else "",
            "output": _output(done, "any")[-EVIDENCE_LIMIT:],
            "looked_for": verdict.text,
            "elsewhere": self._elsewhere(done, verdict, values),
            "service": self.service,
            **verdict.facts,
        }
        return self.failed(
            asked=asked,
            expected=self._expected(values),
            got=_got(done, shown(output, verdict), facts["elsewhere"]),
            evidence={name: text for name, text in facts.items() if text},
        )

    def _judged(self, done: Executed, output: str, values: dict[str, str]) -> Verdict:
        """The first assertion that does not hold."""
        if done.timed_out:
            return Verdict(fault="timeout")
        if done.exit_code is None:
            return Verdict(fault="ended")
        if self.exit_code not in ("any", done.exit_code):
            return Verdict(fault="exit-code")
        return self.texts.judge(output, values)

    def _elsewhere(self, done: Executed, verdict: Verdict, values: dict[str, str]) -> str:
        """The other stream, where what is missing in the right one stands there."""
        if self.stream == "any" or verdict.fault not in ("contains", "matches"):
            return ""
        other = "stderr" if self.stream == "stdout" else "stdout"
        return "" if self.texts.lacking(_output(done, other), values).fault else other

    def _expected(self, values: dict[str, str]) -> str:
        code = [] if self.exit_code == "any" else [f"exit code {self.exit_code}"]
        texts = [f"{text} in {OUTPUTS[self.stream]}" for text in self.texts.expected(values)]
        return "\n".join(code + texts) or f"an end within {self.timeout:g} s"

    def _command_faults(self) -> Faults:
        if not self.command:
            yield "command", "command is empty: write its words, such as ['flask', 'routes']"
        elif not self.command[0].strip():
            yield "command", "command: the first word is the program's name, and it is empty"
        elif len(self.command) == 1 and len(words := self.command[0].split()) > 1:
            yield "command", f"command: no shell takes {literal(self.command[0])} apart: write its words, {words!r}"
        if any("\0" in word for word in self.command):
            yield "command", "command: no word can hold a NUL character"
        for slip, meant in slips(*self.command).items():
            yield "command", f"command: unknown placeholder {{{slip}}}, did you mean {{{meant}}}?"
        if self.command and self.command[0].startswith("{") and placeholders(self.command[0]) & KNOWN:
            yield "command", "command: the program's name is new in every run: nothing could pass"


def _output(done: Executed, stream: str) -> str:
    if stream != "any":
        return done.stdout if stream == "stdout" else done.stderr
    return joined(done.stdout, done.stderr)


def _got(done: Executed, output: str, elsewhere: str) -> str:
    if done.timed_out:
        head = "it had not ended in time"
    elif done.exit_code is None:
        head, output = "the container had ended", ""  # what the engine says of it names the container's id
    else:
        head = f"exit code {done.exit_code}"
    if elsewhere:
        head += f", and the text is in {OUTPUTS[elsewhere]}"
    return f"{head}\n\n{output}" if output else head
