"""The `stop` check: asked to end, does it end by itself, in time and cleanly?"""

from collections.abc import Iterator
from typing import ClassVar

from grader.checks.base import Check, Subject
from grader.report import Result

CLEAN = (0, 143)  # ended by itself, or by the signal it was sent (128 + 15)


class StopCheck(Check, frozen=True, kw_only=True, tag="stop"):
    """Sends the image's stop signal to PID 1 and waits; what still runs after `seconds` is killed, and fails."""

    destructive: ClassVar[bool] = True

    seconds: float = 5.0
    exit_codes: tuple[int, ...] = CLEAN

    def asks(self) -> str:
        codes = " or ".join(map(str, self.exit_codes))
        return f"docker stop ends it within {self.seconds:g} s, with exit code {codes}"

    def faults(self) -> Iterator[tuple[str, str]]:
        if not 0 < self.seconds <= 60:
            yield "seconds", f"seconds = {self.seconds:g} must be more than 0 and at most 60"
        if not self.exit_codes:
            yield "exit_codes", "exit_codes is empty, so the check could never pass: name the codes of a clean end"
        if 137 in self.exit_codes:
            yield "exit_codes", "exit code 137 is that of our own kill, so the check could never fail: take it out"

    def run(self, subject: Subject) -> Result:
        asked = f"docker stop -t {self.seconds:g} {subject.name}"
        stopped = subject.stop(self.seconds)
        codes = " or ".join(map(str, self.exit_codes))
        if stopped.running and not stopped.killed and stopped.exit_code in self.exit_codes:
            return self.passed(asked=asked, got=f"exit code {stopped.exit_code} after {stopped.seconds:.1f} s")
        how = "still running, and was killed," if stopped.killed else f"exit code {stopped.exit_code}"
        if not stopped.running:
            how = f"it had ended by itself before, with {how},"
        return self.failed(
            asked=asked,
            expected=f"exit code {codes} within {self.seconds:g} s",
            got=f"{how} after {stopped.seconds:.1f} s",
            evidence={
                "ended_before": "no" if stopped.running else "yes",
                "killed": "yes" if stopped.killed else "no",
                "exit_code": str(stopped.exit_code),
                "command": subject.image.line,
            },
        )
