"""The `image` check: what the engine records of the built image."""

import json
from collections.abc import Iterator
from typing import ClassVar, Literal

from grader.checks import shell
from grader.checks.base import Check, Subject
from grader.facts import ImageFacts
from grader.report import Result

MEGABYTE = 1_000_000  # as `docker image ls` counts


class ImageCheck(Check, frozen=True, kw_only=True, tag="image"):
    """Looks at the image's own record, without starting it."""

    needs_start: ClassVar[bool] = False

    command: Literal["exec"] | None = None  # the Dockerfile names a command, and no shell stays around it
    user: Literal["not-root"] | None = None
    exposes: int | None = None  # a port that EXPOSE names
    max_megabytes: int | None = None

    def asks(self) -> str:
        wanted = []
        if self.command:
            wanted.append("the Dockerfile names a command in exec form")
        if self.user:
            wanted.append("it runs as a user other than root")
        if self.exposes:
            wanted.append(f"EXPOSE names port {self.exposes}")
        if self.max_megabytes:
            wanted.append(f"it is no larger than {self.max_megabytes} MB")
        return f"In the image's own record, {' and '.join(wanted)}"

    def faults(self) -> Iterator[tuple[str, str]]:
        if (self.command, self.user, self.exposes, self.max_megabytes) == (None, None, None, None):
            yield "", "asserts nothing and can never fail: add command, user, exposes or max_megabytes"
        if self.exposes is not None and not 0 < self.exposes < 65536:
            yield "exposes", f"exposes = {self.exposes} is not between 1 and 65535"
        if self.max_megabytes is not None and self.max_megabytes < 1:
            yield "max_megabytes", f"max_megabytes = {self.max_megabytes} must be 1 at least"

    def run(self, subject: Subject) -> Result:
        image, asked = subject.image, f"docker image inspect {subject.name}"
        for expected, got, fault in self._looks(image):
            if fault:
                evidence = {"fault": fault, "command": image.line}
                if fault == "no-command":
                    evidence["inherited"] = "yes"
                return self.failed(asked=asked, expected=expected, got=got, evidence=evidence)
        return self.passed(asked=asked)

    def _looks(self, image: ImageFacts) -> list[tuple[str, str, str]]:
        """For each assertion: what was expected, what is there, and the fault's name where the two differ."""
        looks = []
        if self.command:
            looks.append(("a command of your own, in exec form", _shown(image), _command_fault(image)))
        if self.user:
            fault = "root" if image.user.partition(":")[0] in ("", "0", "root") else ""
            looks.append(("a user other than root", image.user or "root (no USER instruction)", fault))
        if self.exposes:
            fault = "" if f"{self.exposes}/tcp" in image.ports else "not-exposed"
            looks.append((f"{self.exposes}/tcp", ", ".join(image.ports) or "no EXPOSE instruction", fault))
        if self.max_megabytes:
            fault = "too-large" if image.size > self.max_megabytes * MEGABYTE else ""
            looks.append((f"{self.max_megabytes} MB at most", f"{image.size / MEGABYTE:.0f} MB", fault))
        return looks


def _command_fault(image: ImageFacts) -> str:
    if image.inherited:
        return "no-command"
    # `exec` hands the shell's place to the program, so the signals arrive: as good as exec form.
    return "shell-form" if shell.stays((*image.entrypoint, *image.command)) else ""


def _shown(image: ImageFacts) -> str:
    """Both lists as a Dockerfile has them: in double quotes, since single ones would make them shell form."""
    parts = []
    if image.entrypoint:
        parts.append(f"ENTRYPOINT {json.dumps(image.entrypoint, ensure_ascii=False)}")
    if image.command:
        parts.append(f"CMD {json.dumps(image.command, ensure_ascii=False)}")
    if image.inherited and image.command:
        parts.append("(the base image's own)")
    return " ".join(parts) or "no command at all"
