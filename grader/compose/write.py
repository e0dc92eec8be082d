"""Writes the Compose file that is run in place of the student's: only what was read, within our limits."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from grader import limits
from grader.compose.model import Health, Mount, Project, Service
from grader.compose.stage import origin, places

TMPFS = 64 * 1024 * 1024  # bytes of one
OFTEN = 0.5  # seconds between two health checks, at least: one a millisecond would burn a core
# A health check has this much time, and its service so long for the first success, at least: the student's machine may
# have been idle, and the one that grades is busy.
HEALTH_TIMEOUT = 10.0  # seconds
START_PERIOD = 30.0  # seconds
INTERVAL = 30.0  # seconds between two health checks where the file says nothing: Docker's own
AGAIN = "on-failure:10"  # for every policy of the student's: an app may rely on being restarted until others are up
RETRIES = 1_000
GRACE = 120.0  # seconds, at most
LOGGING = {"driver": limits.LOG_DRIVER, "options": limits.LOG_OPTIONS}
ULIMITS = {"nofile": {"soft": limits.OPEN_FILES, "hard": limits.OPEN_FILES}, "core": {"soft": 0, "hard": 0}}


def document(
    project: Project,
    *,
    name: str,
    images: Mapping[str, str],
    networks: Mapping[str, str],
    label: str,
    memory: Mapping[str, int],
    folder: Path,
    late: Mapping[str, float] | None = None,
    environment: Mapping[str, Mapping[str, str]] | None = None,
    commands: Mapping[str, tuple[Sequence[str], Sequence[str]]] | None = None,
    runtime: str = "",
    publish: Mapping[str, int] | None = None,
) -> dict[str, Any]:
    """The project as a Compose file of ours, to be written as JSON.

    :param name: the project's, which its volumes bear too
    :param images: the id or reference of each started service's image
    :param networks: the student's name of each network, and that of the one that stands for it
    :param label: the key that everything made of this file is labelled with
    :param memory: megabytes for each service
    :param folder: where `stage` laid out what is mounted
    :param late: services that begin their work only after so many seconds
    :param environment: variables of services in place of the student's
    :param commands: the entrypoint and the command of the images of late services
    :param publish: the container port of services that is published on a free port of 127.0.0.1
    """
    late, environment, publish = late or {}, environment or {}, publish or {}
    staged = places(project, folder)
    services: dict[str, dict[str, Any]] = {}
    for key, service in project.active.items():
        made = {
            "image": images[key],
            "pull_policy": "never",
            "labels": {label: ""},
            "environment": dict(environment.get(key, service.environment)),
            "networks": {each: _attachment(service, each) for each in service.networks},
            "volumes": [_mount(mount, staged) for mount in service.mounts],
            "tmpfs": [f"{place}:size={TMPFS}" for place in service.tmpfs],
            "depends_on": {other: {"condition": condition} for other, condition in service.depends_on.items()},
            **_asked(service, late.get(key, 0)),
            **_limits(memory[key]),
            "restart": "no" if service.restart in ("", "no") else AGAIN,
        }
        if key in late:
            made |= _delayed(service, late[key], (commands or {})[key])
        if key in publish:
            made["ports"] = [{"target": publish[key], "host_ip": "127.0.0.1", "protocol": "tcp"}]
        if runtime:
            made["runtime"] = runtime
        services[key] = {option: value for option, value in made.items() if value not in ({}, [])} | _cleared(
            service, made
        )
    used = dict.fromkeys(m.source for s in project.active.values() for m in s.mounts if m.kind == "volume")
    whole = {
        "name": name,
        "services": services,
        "networks": {key: {"name": networks[key], "external": True} for key in project.networks},
        "volumes": {key: {"name": f"{name}_{key}", "labels": {label: ""}} for key in used},
    }
    return {key: _escaped(value) for key, value in whole.items()}


def _asked(service: Service, late: float) -> dict[str, Any]:
    """What the student set, and the grader leaves as it is; `late` are the seconds by which its start is held back."""
    grace = service.stop_grace_period
    asked = {
        "command": service.command,
        "entrypoint": service.entrypoint,
        "init": service.init or None,
        "read_only": service.read_only or None,
        "user": service.user or None,
        "working_dir": service.working_dir or None,
        "hostname": service.hostname or None,
        "stop_signal": service.stop_signal or None,
        "stop_grace_period": None if grace is None else _time(min(grace, GRACE)),
        "healthcheck": None if service.health is None else _health(service.health, late),
    }
    return {
        key: list(value) if isinstance(value, tuple) else value for key, value in asked.items() if value is not None
    }


def _limits(memory: int) -> dict[str, Any]:
    return {
        "cap_drop": ["ALL"],
        "cap_add": list(limits.CAPABILITIES),
        "security_opt": ["no-new-privileges:true"],
        "mem_limit": f"{memory}m",
        "memswap_limit": f"{memory}m",
        "cpus": limits.CPUS,
        "pids_limit": limits.PIDS,
        "shm_size": limits.SHARED_MEMORY,
        "ulimits": ULIMITS,
        "logging": LOGGING,
    }


def _attachment(service: Service, network: str) -> dict[str, Any] | None:
    aliases = list(dict.fromkeys((*service.aliases, *service.networks[network])))
    return {"aliases": aliases} if aliases else None


def _mount(mount: Mount, staged: Mapping[Mount, Path]) -> dict[str, Any]:
    made: dict[str, Any] = {"type": mount.kind, "target": mount.target}
    match mount.kind:
        case "bind":
            made["source"] = str(staged[origin(mount)])
            made["bind"] = {"create_host_path": False}
        case "volume":
            made["source"] = mount.source
        case "anonymous":
            made["type"] = "volume"
        case "tmpfs":
            made["tmpfs"] = {"size": TMPFS}
    return made | ({"read_only": True} if mount.read_only else {})


def _health(health: Health, late: float) -> dict[str, Any]:
    if health.disabled:
        return {"disable": True}
    # Docker takes a time of 0 as its own. In the start period it has an interval of its own too: without one of the
    # student's, the usual one is kept, as if nothing had been added.
    interval = health.interval and max(health.interval, OFTEN)
    starting = health.start_interval if health.start_period else interval or INTERVAL
    times = {
        "interval": interval,
        "timeout": health.timeout and max(health.timeout, HEALTH_TIMEOUT),
        "start_period": max(health.start_period or 0, START_PERIOD) + late,
        "start_interval": starting and max(starting, OFTEN),
    }
    made: dict[str, Any] = {key: _time(value) for key, value in times.items() if value}
    if health.retries:
        made["retries"] = min(health.retries, RETRIES)
    return made | ({"test": list(health.test)} if health.test else {})


def _delayed(service: Service, seconds: float, image: tuple[Sequence[str], Sequence[str]]) -> dict[str, Any]:
    """The same command, after a while; who sets an entrypoint loses the image's command, so both are written."""
    entrypoint = image[0] if service.entrypoint is None else service.entrypoint
    command = service.command
    # An entrypoint of the file's own takes the image's command away; one that is empty does not.
    if not command:
        command = () if service.entrypoint else tuple(image[1])
    wait = f'sleep {seconds:g}; exec "$@"'
    return {"entrypoint": ["sh", "-c", wait, "late", *entrypoint], "command": list(command)}


def _cleared(service: Service, made: Mapping[str, Any]) -> dict[str, Any]:
    """An empty entrypoint or command takes away the image's own, so these stay."""
    return {key: made[key] for key in ("entrypoint", "command") if key in made}


def _time(seconds: float) -> str:
    return f"{round(seconds * 1000)}ms"


def _escaped(value: Any) -> Any:  # noqa: ANN401 -- whatever JSON can hold
    """The same value with every `$` doubled: Compose would take it for a variable."""
    if isinstance(value, str):
        return value.replace("$", "$$")
    if isinstance(value, Mapping):
        return {key: _escaped(each) for key, each in value.items()}
    return [_escaped(each) for each in value] if isinstance(value, list | tuple) else value
