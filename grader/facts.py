"""What the engine and the checks tell each other: values, without a way back to either."""

from collections.abc import Mapping

import msgspec


class ImageFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What the engine records of an image."""

    id: str = ""  # by which the engine knows it; a build that changes nothing gives the same
    entrypoint: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    base_command: tuple[str, ...] = ()  # of the base image: equal to `command` where the Dockerfile names none
    base: str = ""  # the reference of the base image that it stands on, where that is known
    user: str = ""
    ports: tuple[str, ...] = ()  # such as "5000/tcp"
    size: int = 0  # bytes
    base_size: int = 0  # bytes of `base`, which every student's image has alike
    environment: tuple[str, ...] = ()  # such as "PATH=/usr/bin"
    base_environment: tuple[str, ...] = ()  # of `base`, all of which is in `environment` unless it was changed
    history: tuple[str, ...] = ()  # the instructions that made it, those of the base image left out
    healthcheck: tuple[str, ...] = ()
    workdir: str = ""
    volumes: tuple[str, ...] = ()

    @property
    def line(self) -> str:
        """What is run, as one line."""
        return " ".join((*self.entrypoint, *self.command))

    @property
    def inherited(self) -> bool:
        """Whether the command is the base image's: the Dockerfile names none of its own."""
        return not self.entrypoint and self.command in ((), self.base_command)


class ImageFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file, a folder or a link in an image."""

    path: str  # such as "/app/app.py"
    folder: bool = False
    found: frozenset[int] = frozenset()  # which of the patterns that were asked about stand in it, by number


class Contents(msgspec.Struct, frozen=True, kw_only=True):
    """What is in an image at some paths and below them."""

    files: tuple[ImageFile, ...] = ()
    complete: bool = True  # False: there is more than anybody would look through


class Stopped(msgspec.Struct, frozen=True, kw_only=True):
    """How a container ended after it was asked to."""

    running: bool = True  # it still ran when it was asked
    exit_code: int
    seconds: float
    killed: bool  # it did not end by itself in time, and was killed


class Printed(msgspec.Struct, frozen=True, kw_only=True):
    """What a container printed last, on each stream."""

    stdout: str = ""
    stderr: str = ""


class Process(msgspec.Struct, frozen=True, kw_only=True):
    """A process inside a container."""

    first: bool  # PID 1, which gets the signals
    uid: str
    command: str  # its words, joined by spaces


class Executed(msgspec.Struct, frozen=True, kw_only=True):
    """How a command that was run inside a container ended."""

    exit_code: int | None  # None where it did not end in time, or its container had ended
    stdout: str
    stderr: str
    timed_out: bool = False


class StepFacts(msgspec.Struct, frozen=True, kw_only=True):
    """One step of a build."""

    name: str  # such as "[2/4] RUN pip install -r requirements.txt"
    cached: bool


class Rebuilt(msgspec.Struct, frozen=True, kw_only=True):
    """A second build of the same submission, with one file edited."""

    image: str  # its id, or empty where the build failed
    steps: tuple[StepFacts, ...] = ()
    error: str = ""
    evidence: Mapping[str, str] = {}  # of the failed build, as a diagnosis looks at it


class Variation(msgspec.Struct, frozen=True, kw_only=True):
    """In what a second target differs from the plain one; services are named as in the Compose file."""

    environment: Mapping[str, str] = {}  # more variables for the service that is asked
    without: frozenset[str] = frozenset()  # variables that it is not given, whoever set them
    late: Mapping[str, float] = {}  # service -> seconds by which its start is held back
    images: Mapping[str, str] = {}  # service -> another image's id; "" is the image of a single container
    files: Mapping[str, bytes] = {}  # edited: what a service mounts from the folder is as in them
    port: int = 0  # inside the container, where it is not the exercise's

    def variables(self, own: Mapping[str, str]) -> dict[str, str]:
        """What the service that is asked is given, where it is given `own` otherwise."""
        return {name: value for name, value in {**own, **self.environment}.items() if name not in self.without}


class DidNotStart(Exception):
    """A second target of a submission did not come up; `facts` are the evidence, as for the start stage."""

    def __init__(self, facts: Mapping[str, str]) -> None:
        super().__init__(facts.get("reason", ""))
        self.facts = dict(facts)
