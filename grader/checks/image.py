"""The `image` check: what the engine records of the built image, and what files it holds."""

import json
from collections.abc import Iterator
from typing import ClassVar, Literal

from grader.checks import inside, looks, shell
from grader.checks.base import Check, Subject
from grader.checks.looks import Look
from grader.checks.slips import Faults
from grader.facts import ImageFacts
from grader.report import Result

MEGABYTE = 1_000_000  # as `docker image ls` counts
SHORTEST = 6  # characters of a text that is looked for in files
ASSERTIONS = (
    "command",
    "user",
    "exposes",
    "max_megabytes",
    "max_added_megabytes",
    "base",
    "healthcheck",
    "secrets",
    "secret_texts",
    "present",
    "absent",
)


class ImageCheck(Check, frozen=True, kw_only=True, tag="image"):
    """Looks at the image's own record and into its files, without starting it.

    Paths are as in `.gitignore`, from the root on: `*` is anything in one name, `**` any folders. A pattern that
    begins with `**` has the whole image read, which takes a second or more.
    """

    needs_start: ClassVar[bool] = False

    command: Literal["exec"] | None = None  # the Dockerfile names a command, and no shell is sure to stay around it
    user: Literal["not-root"] | None = None  # as whom its container starts
    exposes: int | None = None  # a port that EXPOSE names
    max_megabytes: int | None = None  # of the whole image, a million bytes each
    max_added_megabytes: int | None = None  # more than the base image, which every student's image has alike
    base: tuple[str, ...] = ()  # one of these the image stands on
    healthcheck: Literal["declared"] | None = None  # HEALTHCHECK names a command
    secrets: Literal["none"] | None = None  # no credential in its variables, or in the instructions that made it
    secret_texts: tuple[str, ...] = ()  # stand nowhere: not there either, and in no file under `secret_paths`
    secret_paths: tuple[str, ...] = ("/",)  # where `secret_texts` are looked for
    present: tuple[str, ...] = ()  # each of these paths is there
    absent: tuple[str, ...] = ()  # but for what the base image has brought, and folders without a file

    def asks(self) -> str:
        wanted = {
            "the Dockerfile names a command in exec form": self.command,
            "it runs as a user other than root": self.user,
            f"EXPOSE names port {self.exposes}": self.exposes,
            f"it is no larger than {self.max_megabytes} MB": self.max_megabytes,
            f"it adds {self.max_added_megabytes} MB at most to its base image": self.max_added_megabytes,
            f"it stands on {' or '.join(self.base)}": self.base,
            "HEALTHCHECK says how its health is found out": self.healthcheck,
            "there is no secret": self.secrets or self.secret_texts,
            f"there is {', '.join(self.present)}": self.present,
            f"there is no {', no '.join(self.absent)}": self.absent,
        }
        return f"In the image, without starting it, {', and '.join(text for text, asked in wanted.items() if asked)}"

    def faults(self) -> Faults:
        if not any(getattr(self, name) not in (None, ()) for name in ASSERTIONS):
            yield "", f"asserts nothing and can never fail: add {', '.join(ASSERTIONS[:-1])} or {ASSERTIONS[-1]}"
        if self.exposes is not None and not 0 < self.exposes < 65536:
            yield "exposes", f"exposes = {self.exposes} is not between 1 and 65535"
        for name in ("max_megabytes", "max_added_megabytes"):
            if (megabytes := getattr(self, name)) is not None and megabytes < 1:
                yield name, f"{name} = {megabytes} must be 1 at least"
        if not all(each.strip() for each in self.base):
            yield "base", "base: an empty name is no image's: leave it out"
        for text in self.secret_texts:
            if len(text) < SHORTEST or "\n" in text:
                yield "secret_texts", f"secret_texts: {text!r}: write one line of {SHORTEST} characters or more"
        for name in ("present", "absent"):
            yield from ((name, f"{name}: {fault}") for each in getattr(self, name) if (fault := inside.fault(each)))
        for path in self.secret_paths:
            if path != "/" and (inside.WILD.search(path) or inside.fault(path)):
                yield "secret_paths", f"secret_paths: {path!r}: write a path such as '/app', without * and ?"
        if self.secret_paths != ("/",) and not self.secret_texts:
            yield "secret_paths", "secret_paths says where secret_texts are looked for, and there are none"
        if both := set(self.present) & set(self.absent):
            yield "absent", f"absent: {min(both)!r} is among present too: nothing could pass"

    def run(self, subject: Subject) -> Result:
        asked = f"docker image inspect {subject.name}"
        for look in self._looks(subject):
            if look.fault:
                evidence = {"fault": look.fault, "command": subject.image.line, **look.facts}
                if look.fault == "no-command":
                    evidence["inherited"] = "yes"
                return self.failed(asked=look.asked or asked, expected=look.expected, got=look.got, evidence=evidence)
        return self.passed(asked=asked)

    def _looks(self, subject: Subject) -> Iterator[Look]:
        """Each assertion, the cheap ones first."""
        yield from self._in_record(subject.image)
        if self.user:
            yield looks.user(subject)
        if self.secrets:
            yield looks.secrets(subject)
        if self.secret_texts:
            yield from looks.secret_texts(subject, self.secret_texts, self.secret_paths)
        if self.present or self.absent:
            yield from looks.paths(subject, self.present, self.absent)

    def _in_record(self, image: ImageFacts) -> Iterator[Look]:
        if self.command:
            yield Look(expected="a command of your own, in exec form", got=_shown(image), fault=_command_fault(image))
        if self.exposes:
            fault = "" if f"{self.exposes}/tcp" in image.ports else "not-exposed"
            there = ", ".join(image.ports) or "no EXPOSE instruction"
            yield Look(expected=f"{self.exposes}/tcp", got=there, fault=fault)
        if self.max_megabytes:
            yield _size(self.max_megabytes, image.size, "")
        if self.max_added_megabytes:
            yield _size(self.max_added_megabytes, image.size - image.base_size, f" more than {image.base or 'nothing'}")
        if self.base:
            fault = "" if image.base in self.base else "base"
            yield Look(expected=" or ".join(self.base), got=image.base or "no base image of this exercise", fault=fault)
        if self.healthcheck:
            fault = "" if image.healthcheck and image.healthcheck != ("NONE",) else "no-healthcheck"
            yield Look(expected="a HEALTHCHECK instruction", got="none", fault=fault)


def _command_fault(image: ImageFacts) -> str:
    if image.inherited:
        return "no-command"
    # `exec` hands the shell's place to the program, so the signals arrive: as good as exec form.
    return "shell-form" if shell.stays((*image.entrypoint, *image.command)) else ""


def _size(most: int, size: int, than: str) -> Look:
    fault = "too-large" if size > most * MEGABYTE else ""
    return Look(expected=f"{most} MB{than} at most", got=f"{size / MEGABYTE:.0f} MB{than}", fault=fault)


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
