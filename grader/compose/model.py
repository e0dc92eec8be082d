"""What a student's Compose file comes to once it has been read: frozen values, and the fault that it may be."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

MESSAGE = 300  # characters of one part of a fault, or of a note


class FaultKind(StrEnum):
    """What sort of mistake a Compose file holds."""

    SYNTAX = "syntax"  # not YAML
    TAB = "tab"  # a tab where YAML wants spaces
    ENCODING = "encoding"  # not UTF-8
    TOO_LARGE = "too-large"  # more bytes, nodes or levels than any honest file
    DUPLICATE = "duplicate"  # the same key twice
    TAG = "tag"  # `!reset` and the like
    UNKNOWN_KEY = "unknown-key"
    MISPLACED = "misplaced"  # a key that Compose knows, in another place
    TYPE = "type"  # a value of the wrong form
    REFUSED = "refused"  # Compose would do it, and the grader does not
    MISSING = "missing"  # a file that was not handed in, or a key that must be there
    NO_SERVICE = "no-service"
    UNDEFINED = "undefined"  # a name that nothing in the file bears
    CYCLE = "cycle"  # services that wait for each other
    PROFILE = "profile"  # a service that needs one which is not started
    IMAGE = "image"  # not one of the exercise's images
    UNSET = "unset"  # a variable that the file requires
    INTERPOLATION = "interpolation"  # a `$` that is no variable


def one_line(text: str) -> str:
    """A text that may hold a student's, on one line and bounded."""
    line = " ".join(text.split())
    return line if len(line) <= MESSAGE else f"{line[: MESSAGE - 3]}..."


class ComposeFault(Exception):
    """A mistake in a student's Compose file, or in a file that it names.

    `what` names the thing, `reason` says what is wrong with it and the next step. Both are one line, bounded, and may
    hold text of the student's, so they are to be cleaned before they are shown.
    """

    def __init__(self, *, kind: str, what: str, reason: str, line: int = 0, nearest: str = "", file: str = "") -> None:
        super().__init__(kind, what, reason, line)
        self.kind = kind  # one of FaultKind
        self.what = one_line(what)
        self.reason = one_line(reason)
        self.line = line  # from 1; 0 where it is the whole file
        self.nearest = nearest
        self.file = file  # the file of the submission that the line is in

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line) if part)
        return ": ".join(part for part in (place, self.what, self.reason) if part)


@dataclass(frozen=True, kw_only=True)
class Port:
    """One published port, as a claim: the grader publishes none of them."""

    target: int
    published: str = ""  # a port, a range, or nothing: Docker chooses
    host_ip: str = ""
    protocol: str = "tcp"


@dataclass(frozen=True, kw_only=True)
class Mount:
    """Something that is mounted into a container."""

    kind: str  # "volume", "bind", "anonymous" or "tmpfs"
    target: str
    source: str = ""  # a volume's name, or a path inside the submission ("" is all of it)
    read_only: bool = False
    content: str | None = None  # of a bind: what the file holds, where it is no file of the submission
    made: bool = False  # of a bind: Docker makes an empty folder, since there is nothing at the path


@dataclass(frozen=True, kw_only=True)
class Health:
    """A health check; a time of None is the image's own, or Docker's."""

    test: tuple[str, ...] = ()  # empty: the image's own test
    interval: float | None = None  # seconds, as the others
    timeout: float | None = None
    start_period: float | None = None
    start_interval: float | None = None
    retries: int | None = None
    disabled: bool = False


@dataclass(frozen=True, kw_only=True)
class BuildPlan:
    """How a service's image is built, with every path inside the submission."""

    context: str = ""  # "" is the whole submission
    dockerfile: str = "Dockerfile"  # from the context
    args: Mapping[str, str] = field(default_factory=dict)
    target: str = ""


@dataclass(frozen=True, kw_only=True)
class Service:
    """One service of the file."""

    name: str
    image: str = ""
    build: BuildPlan | None = None
    command: tuple[str, ...] | None = None  # None: the image's own
    entrypoint: tuple[str, ...] | None = None  # None: the image's own
    environment: Mapping[str, str] = field(default_factory=dict)
    ports: tuple[Port, ...] = ()
    expose: tuple[str, ...] = ()
    depends_on: Mapping[str, str] = field(default_factory=dict)  # a service, and the condition it is waited for
    health: Health | None = None
    mounts: tuple[Mount, ...] = ()
    networks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # a network, and the aliases there
    aliases: tuple[str, ...] = ()  # the names by which it is reached on all of its networks, beside its own
    tmpfs: tuple[str, ...] = ()
    init: bool = False
    read_only: bool = False
    user: str = ""
    working_dir: str = ""
    hostname: str = ""
    stop_signal: str = ""
    stop_grace_period: float | None = None  # seconds
    restart: str = ""  # every policy is run as one that ends: see write.AGAIN
    profiles: tuple[str, ...] = ()
    line: int = 0  # where the service begins


@dataclass(frozen=True, kw_only=True)
class Project:
    """A whole Compose file."""

    file: str = ""
    services: Mapping[str, Service]
    volumes: tuple[str, ...] = ()  # the named volumes that the file declares
    networks: tuple[str, ...] = ()  # the networks that the started services join
    profiles: tuple[str, ...] = ()  # the profiles that are on
    notes: tuple[str, ...] = ()

    @property
    def active(self) -> Mapping[str, Service]:
        """The services that `docker compose up` starts."""
        return {name: service for name, service in self.services.items() if started(service, self.profiles)}


def started(service: Service, profiles: tuple[str, ...]) -> bool:
    """Whether a service is started where these profiles are on."""
    return not service.profiles or "*" in profiles or any(name in profiles for name in service.profiles)
