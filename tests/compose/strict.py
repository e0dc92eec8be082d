"""A second look at the file that is run: written apart from what writes it, and knowing only what may be there."""

import re
from pathlib import Path
from typing import Any

NAME = re.compile(r"[A-Za-z0-9._-]{1,60}")
PLAIN = re.compile(r"(?:[^$]|\$\$)*", re.DOTALL)  # no `$` that Compose would take for a variable
TOP = {"name", "services", "networks", "volumes"}
FREE_TEXT = {"user", "working_dir", "hostname", "stop_signal"}
WORDS = {"command", "entrypoint"}
FIXED: dict[str, Any] = {
    "pull_policy": "never",
    "cap_drop": ["ALL"],
    "security_opt": ["no-new-privileges:true"],
    "cpus": 1,
    "pids_limit": 256,
    "shm_size": "64m",
    "ulimits": {"nofile": {"soft": 4096, "hard": 4096}, "core": {"soft": 0, "hard": 0}},
    "logging": {"driver": "local", "options": {"max-size": "1m", "max-file": "2"}},
}
CAPABILITIES = {"CHOWN", "DAC_OVERRIDE", "FOWNER", "KILL", "NET_BIND_SERVICE", "SETGID", "SETUID"}
CONDITIONS = {"service_started", "service_healthy", "service_completed_successfully"}


def strange(document: dict[str, Any], staged: Path) -> list[str]:
    """All that such a file should not hold; `staged` is the folder that mounts may come from."""
    found = [f"key {key}" for key in document.keys() - TOP]
    names = set(document["services"])
    for name, service in document["services"].items():
        found += [f"{name}: {fault}" for fault in _service(service, document, staged, names)]
        found += [] if NAME.fullmatch(name) else [f"service name {name}"]
    for name, network in document["networks"].items():
        found += [] if NAME.fullmatch(name) else [f"network name {name}"]
        found += (
            [] if network.keys() == {"name", "external"} and network["external"] is True else [f"network {network}"]
        )
    for name, volume in document["volumes"].items():
        good = volume.keys() == {"name", "labels"} and volume["name"] == f"{document['name']}_{name}"
        found += [] if good and NAME.fullmatch(name) else [f"volume {volume}"]
    return found + [f"unescaped {text!r}" for text in _texts(document) if not PLAIN.fullmatch(text)]


def _service(service: dict[str, Any], document: dict[str, Any], staged: Path, names: set[str]) -> list[str]:
    found = []
    missing = {
        "image",
        "labels",
        "cap_add",
        "restart",
        "mem_limit",
        "memswap_limit",
        "networks",
        *FIXED,
    } - service.keys()
    found += [f"no {key}" for key in missing]
    for key, value in service.items():
        good = False
        if key in FIXED:
            good = value == FIXED[key]
        elif key in FREE_TEXT:
            good = isinstance(value, str) and "\0" not in value
        elif key in WORDS:
            good = isinstance(value, list) and all(isinstance(word, str) and "\0" not in word for word in value)
        elif key == "image":
            good = isinstance(value, str) and value.startswith("sha256:")
        elif key == "labels":
            good = value == {"org.example.run": ""}
        elif key == "environment":
            good = all(isinstance(text, str) and "\0" not in name + text and name for name, text in value.items())
        elif key == "networks":
            good = all(each is None or each.keys() == {"aliases"} for each in value.values())
            good = good and bool(value) and value.keys() <= document["networks"].keys()
        elif key == "volumes":
            good = all(_mount(each, document, staged) for each in value)
        elif key == "tmpfs":
            good = all(re.fullmatch(r"/[^:]*:size=67108864", each) for each in value)
        elif key == "depends_on":
            good = value.keys() <= names and all(
                each.keys() == {"condition"} and each["condition"] in CONDITIONS for each in value.values()
            )
        elif key == "restart":
            good = value in ("no", "on-failure:10")
        elif key == "cap_add":
            good = set(value) <= CAPABILITIES
        elif key in ("mem_limit", "memswap_limit"):
            good = value == "256m"
        elif key in ("init", "read_only"):
            good = value is True
        elif key == "stop_grace_period":
            good = _time(value, most=120_000)
        elif key == "healthcheck":
            good = _health(value)
        found += [] if good else [f"{key}: {value!r}"]
    return found


def _mount(mount: dict[str, Any], document: dict[str, Any], staged: Path) -> bool:
    if not mount.keys() <= {"type", "target", "source", "read_only", "bind", "tmpfs"}:
        return False
    target = mount["target"]
    if not target.startswith("/") or ".." in target.split("/") or target == "/" or "sock" in mount.get("source", ""):
        return False
    if mount["type"] == "bind":
        source = Path(mount["source"])
        # Right in the staged folder, not deeper: no other container can reach the way to it.
        return mount["bind"] == {"create_host_path": False} and source.parent == staged and not source.is_symlink()
    if mount["type"] == "tmpfs":
        return mount["tmpfs"] == {"size": 67_108_864}
    return mount["type"] == "volume" and ("source" not in mount or mount["source"] in document["volumes"])


def _health(health: dict[str, Any]) -> bool:
    if health == {"disable": True}:
        return True
    times = {"interval": 500, "timeout": 500, "start_period": 0, "start_interval": 500}
    return (
        health.keys() <= {"test", "retries", *times}
        and all(_time(health[key], least=least) for key, least in times.items() if key in health)
        and 0 < health.get("retries", 1) <= 1000
        and health.get("test", ["CMD", "x"])[0] in ("CMD", "CMD-SHELL")
    )


def _time(text: str, *, least: int = 0, most: int = 10**9) -> bool:
    return bool(re.fullmatch(r"\d+ms", text)) and least <= int(text[:-2]) <= most


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for each in value.values() for text in _texts(each)]
    return [text for each in value for text in _texts(each)] if isinstance(value, list | tuple) else []
