"""The `image` check: what the engine records of the built image."""

from typing import ClassVar, Literal

from grader.checks.base import Check, Subject
from grader.facts import ImageFacts
from grader.report import Result

SHELLS = frozenset({"sh", "bash", "dash", "ash"})
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

    def faults(self) -> tuple[str, ...]:
        if not (self.command or self.user or self.exposes or self.max_megabytes):
            return ("asserts nothing and can never fail: add command, user, exposes or max_megabytes",)
        return ()

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
    words = (*image.entrypoint, *image.command)
    shell = words[0].rpartition("/")[2] in SHELLS and "-c" in words[1:2]
    # `exec` hands the shell's place to the program, so the signals arrive: as good as exec form.
    return "shell-form" if shell and not " ".join(words[2:]).lstrip().startswith("exec ") else ""


def _shown(image: ImageFacts) -> str:
    parts = []
    if image.entrypoint:
        parts.append(f"ENTRYPOINT {list(image.entrypoint)}")
    if image.command:
        parts.append(f"CMD {list(image.command)}")
    if image.inherited and image.command:
        parts.append("(the base image's own)")
    return " ".join(parts) or "no command at all"
