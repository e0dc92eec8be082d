"""Reads one service, but for what it says of other services."""

import re

from grader.compose import fields
from grader.compose.builds import read_build
from grader.compose.command import BadCommand, split
from grader.compose.declared import Declared
from grader.compose.environment import read_environment
from grader.compose.health import read_health
from grader.compose.model import FaultKind, Mount, Service
from grader.compose.mounts import read_grants, read_tmpfs, read_volumes
from grader.compose.nodes import Empty, Items, Table, wrong
from grader.compose.ports import read_expose, read_ports
from grader.compose.reading import Part
from grader.compose.relations import HOST, read_networks

RESTART = re.compile(r"no|always|unless-stopped|on-failure(?::\d{1,9})?")
SIGNAL = re.compile(
    r"(?:SIG)?(?:ABRT|ALRM|BUS|CHLD|CLD|CONT|FPE|HUP|ILL|INT|IO|IOT|KILL|PIPE|POLL|PROF|PWR|QUIT|SEGV|STKFLT|STOP|SYS|TERM"
    r"|TRAP|TSTP|TTIN|TTOU|URG|USR1|USR2|VTALRM|WINCH|XCPU|XFSZ|RTMIN(?:\+1?[0-5])?|RTMAX(?:-1?[0-4])?)|[1-9]\d?",
    re.IGNORECASE,
)
FOLDER = re.compile(r"/.{0,200}")
MOUNTS = 30  # of one service


def read_service(part: Part, declared: Declared) -> Service:
    """A service; whether its image is one of the exercise's is not asked yet.

    :raises ComposeFault: it cannot be run so
    """
    if "image" not in part and "build" not in part:
        reason = "neither `image` nor `build`: name an image, or the folder of a Dockerfile"
        raise wrong(part.table, f"service '{part.name}'", reason, kind=FaultKind.MISSING)
    reading = part.reading
    names = (_host(part, "container_name"), _host(part, "hostname"))
    return Service(
        name=part.name,
        image=part.text("image"),
        build=read_build(reading, part["build"], part.what("build")) if "build" in part else None,
        command=_command(part, "command"),
        entrypoint=_command(part, "entrypoint"),
        environment=read_environment(part),
        ports=read_ports(reading, part["ports"], part.what("ports")) if "ports" in part else (),
        expose=read_expose(part["expose"], part.what("expose")) if "expose" in part else (),
        health=read_health(reading, part["healthcheck"], part.what("healthcheck")) if "healthcheck" in part else None,
        mounts=_mounts(part, declared),
        networks=read_networks(part, declared.networks),
        aliases=tuple(dict.fromkeys(name for name in names if name)),
        tmpfs=_tmpfs(part),
        init=part.boolean("init"),
        read_only=part.boolean("read_only"),
        user=part.text("user"),
        working_dir=part.matching("working_dir", FOLDER, "no folder in the container: it begins with a /"),
        hostname=names[1],
        stop_signal=part.matching("stop_signal", SIGNAL, "no signal: write SIGTERM, SIGINT or SIGQUIT"),
        stop_grace_period=_grace(part),
        restart=part.matching("restart", RESTART, "none of no, always, on-failure, unless-stopped"),
        profiles=fields.texts(part["profiles"], part.what("profiles")) if "profiles" in part else (),
        line=part.table.line,
    )


def _host(part: Part, key: str) -> str:
    return part.matching(key, HOST, "no name of a machine: it has letters, digits, `.`, `_` and `-`")


def _grace(part: Part) -> float | None:
    key = "stop_grace_period"
    return fields.seconds(part[key], part.what(key)) if key in part else None


def _command(part: Part, key: str) -> tuple[str, ...] | None:
    if key not in part or isinstance(part[key], Empty):
        return None
    if isinstance(part[key], Items):
        return fields.texts(part[key], part.what(key))
    if isinstance(part[key], Table):
        raise wrong(part[key], part.what(key), "it is a mapping, and must be text or a list of words")
    try:
        words, operator = split(fields.text(part[key], part.what(key)))
    except BadCommand as error:
        raise wrong(part[key], part.what(key), str(error)) from error
    if operator:
        part.reading.note(f"{part.what(key)} ends at `{operator}`: Compose runs no shell, so write sh -c '...'")
    return words


def _tmpfs(part: Part) -> tuple[str, ...]:
    return read_tmpfs(part["tmpfs"], part.what("tmpfs")) if "tmpfs" in part else ()


def _mounts(part: Part, declared: Declared) -> tuple[Mount, ...]:
    reading = part.reading
    found: list[Mount] = []
    if "volumes" in part:
        found += read_volumes(reading, part["volumes"], part.what("volumes"), declared.volumes)
    if "secrets" in part:
        place = part.what("secrets")
        found += read_grants(reading, part["secrets"], place, declared.secrets, "/run/secrets", "secret")
    if "configs" in part:
        found += read_grants(reading, part["configs"], part.what("configs"), declared.configs, "/", "config")
    if len(found) > MOUNTS:
        raise wrong(part.table, f"service '{part.name}'", f"more than {MOUNTS} mounts", kind=FaultKind.TOO_LARGE)
    places = [*(mount.target for mount in found), *_tmpfs(part)]
    if twice := next((place for place in places if places.count(place) > 1), ""):
        raise wrong(part.table, f"service '{part.name}'", f"two mounts at {twice}: keep one of them")
    return tuple(found)
