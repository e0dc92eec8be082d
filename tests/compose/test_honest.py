"""Honest Compose files, in all the styles that people write, are read as Compose itself reads them."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from grader import compose
from grader.compose.builds import canonical
from grader.compose.stage import places, stage
from tests.compose.honest import BASES, HONEST, hand_in
from tests.compose.strict import strange

CASES = [pytest.param(case, id=name) for name, case in HONEST.items()]
UNITS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001, "µs": 0.000001}


@pytest.fixture(params=CASES)
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    submission = tmp_path / "handed in"
    submission.mkdir()
    return hand_in(submission, request.param)


def written(project: compose.Project, folder: Path) -> dict[str, Any]:
    """The file that would be run in the project's place."""
    staged = folder.parent / "staged"
    stage(project, folder, staged)
    active = project.active
    return compose.document(
        project,
        name="ours",
        images=dict.fromkeys(active, "sha256:" + "0" * 64),
        networks={name: f"ours.{number}" for number, name in enumerate(project.networks)},
        label="org.example.run",
        memory=dict.fromkeys(active, 256),
        folder=staged,
    )


def test_it_is_read_and_what_is_written_holds_nothing_strange(folder: Path) -> None:
    project = compose.read(folder, "compose.yaml", BASES)
    assert project.active
    assert strange(written(project, folder), folder.parent / "staged") == []


def test_what_is_mounted_is_laid_out(folder: Path) -> None:
    project = compose.read(folder, "compose.yaml", BASES)
    staged = folder.parent / "staged"
    stage(project, folder, staged)
    assert all(place.exists() for place in places(project, staged).values())


@pytest.mark.parametrize("source", [".", "./web", "./web/app.py"])
def test_an_edit_is_in_what_is_mounted(source: str, tmp_path: Path) -> None:
    submission, staged = tmp_path / "handed in", tmp_path / "staged"
    (submission / "web").mkdir(parents=True)
    (submission / "web" / "app.py").write_bytes(b"old")
    file = f"services:\n  web:\n    image: python:3.13-slim\n    volumes: ['{source}:/code']\n"
    (submission / "compose.yaml").write_text(file, encoding="utf-8")
    stage(compose.read(submission, "compose.yaml", BASES), submission, staged, {"web/app.py": b"new", "other": b""})
    files = [path for path in staged.rglob("*") if path.is_file() and path.name not in ("compose.yaml", "other")]
    assert [path.read_bytes() for path in files] == [b"new"]


@pytest.mark.docker
def test_compose_reads_the_same(folder: Path) -> None:
    project = compose.read(folder, "compose.yaml", BASES)
    theirs = config(folder / "compose.yaml")
    assert project.active.keys() == theirs["services"].keys()
    for name, service in project.active.items():
        assert ours(service) == normal(theirs["services"][name], theirs, folder), name
    assert set(project.networks) <= theirs["networks"].keys()
    used = {mount.source for service in project.active.values() for mount in service.mounts if mount.kind == "volume"}
    assert used <= set(project.volumes)


@pytest.mark.docker
def test_compose_takes_what_is_written(folder: Path) -> None:
    project = compose.read(folder, "compose.yaml", BASES)
    file = folder.parent / "ours.json"
    file.write_text(json.dumps(written(project, folder)))
    theirs = config(file)
    for name, service in project.active.items():
        given = theirs["services"][name]
        assert unescaped(given.get("environment") or {}) == dict(service.environment)
        assert unescaped(given["command"]) == (None if service.command is None else list(service.command))
        assert unescaped(given["entrypoint"]) == (None if service.entrypoint is None else list(service.entrypoint))


def config(file: Path) -> dict[str, Any]:
    """What Compose itself makes of a file; the files here are ours, so it may be asked."""
    command = ["docker", "compose", "--project-name", "blog", "--file", str(file), "config", "--format", "json"]
    # Its own folder is looked up from HOME, and its variables are the environment's: neither is to tell.
    environment = {"PATH": str(Path(shutil.which("docker") or "docker").parent), "HOME": str(file.parent)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=file.parent)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def ours(service: compose.Service) -> dict[str, Any]:
    """A service in a form that both readings can be brought to."""
    health = service.health
    return {
        "image": None if service.build and not service.image else canonical(service.image),
        "build": service.build
        and (service.build.context, service.build.dockerfile, dict(service.build.args), service.build.target),
        "command": None if service.command is None else list(service.command),
        "entrypoint": None if service.entrypoint is None else list(service.entrypoint),
        "environment": dict(service.environment),
        "ports": {(port.target, port.published, port.host_ip, port.protocol) for port in service.ports},
        "expose": list(service.expose),
        "depends_on": dict(service.depends_on),
        "health": health
        and ("disabled" if health.disabled else (list(health.test), health.interval, health.timeout, health.retries)),
        "periods": health and not health.disabled and (health.start_period, health.start_interval),
        "mounts": {(mount.kind, mount.source, mount.target, mount.read_only) for mount in service.mounts},
        "networks": {name: set(aliases) for name, aliases in service.networks.items()},
        "flags": (service.init, service.read_only),
        "texts": (service.user, service.working_dir, service.hostname, service.stop_signal, service.restart),
        "grace": service.stop_grace_period,
        "tmpfs": list(service.tmpfs),
        "profiles": list(service.profiles),
    }


def normal(theirs: dict[str, Any], whole: dict[str, Any], folder: Path) -> dict[str, Any]:
    """The same form of a service as Compose prints it."""
    health = theirs.get("healthcheck")
    off = health and (health.get("disable") or health.get("test") == ["NONE"])
    build = theirs.get("build")
    image = theirs.get("image")
    if not build and (maker := maker_of(image, whole)):
        build = maker  # who has the image that another service builds is built likewise
    return {
        "image": image and canonical(image),
        "build": build
        and (
            inside(build["context"], folder),
            build["dockerfile"],
            unescaped(build.get("args") or {}),
            build.get("target", ""),
        ),
        "command": unescaped(theirs["command"]),
        "entrypoint": unescaped(theirs["entrypoint"]),
        # What has no value is not set in the container.
        "environment": {
            key: unescaped(value) for key, value in (theirs.get("environment") or {}).items() if value is not None
        },
        "ports": {
            (port["target"], port.get("published", ""), port.get("host_ip", ""), port["protocol"])
            for port in theirs.get("ports", ())
        },
        "expose": theirs.get("expose", []),
        # Who need not be there, and is not, is not waited for.
        "depends_on": {
            name: need["condition"]
            for name, need in (theirs.get("depends_on") or {}).items()
            if need["required"] or name in whole["services"]
        },
        "health": health
        and (
            "disabled"
            if off
            else (
                unescaped(health.get("test", [])),
                seconds(health.get("interval")),
                seconds(health.get("timeout")),
                health.get("retries"),
            )
        ),
        "periods": health and not off and (seconds(health.get("start_period")), seconds(health.get("start_interval"))),
        "mounts": mounts(theirs, whole, folder),
        "networks": {name: set((each or {}).get("aliases", ())) for name, each in theirs["networks"].items()},
        "flags": (theirs.get("init", False), theirs.get("read_only", False)),
        "texts": tuple(theirs.get(key, "") for key in ("user", "working_dir", "hostname", "stop_signal", "restart")),
        "grace": seconds(theirs.get("stop_grace_period")),
        "tmpfs": [place.partition(":")[0] for place in theirs.get("tmpfs", ())],
        "profiles": theirs.get("profiles", []),
    }


def maker_of(image: str | None, whole: dict[str, Any]) -> dict[str, Any] | None:
    for service in whole["services"].values():
        if service.get("build") and service.get("image") and canonical(service["image"]) == canonical(image or ""):
            return dict(service["build"])
    return None


def mounts(theirs: dict[str, Any], whole: dict[str, Any], folder: Path) -> set[tuple[str, str, str, bool]]:
    found = set()
    for mount in theirs.get("volumes", ()):
        source = mount.get("source", "")
        kind = "anonymous" if mount["type"] == "volume" and not source else mount["type"]
        source = inside(source, folder) if kind == "bind" else source
        found.add((kind, source, mount["target"], mount.get("read_only", False)))
    for key, place in (("secrets", "/run/secrets"), ("configs", "")):
        for grant in theirs.get(key, ()):
            target = grant.get("target") or grant["source"]
            file = whole[key][grant["source"]].get("file")
            source = inside(file, folder) if file else ""
            found.add(("bind", source, target if target.startswith("/") else f"{place}/{target}", True))
    return found


def inside(path: str, folder: Path) -> str:
    relative = str(Path(path).relative_to(folder))
    return "" if relative == "." else relative


def seconds(duration: str | None) -> float | None:
    if duration is None:
        return None
    return sum(float(number) * UNITS[unit] for number, unit in re.findall(r"([\d.]+)(ms|µs|h|m|s)", duration))


def unescaped(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("$$", "$")
    if isinstance(value, list):
        return [unescaped(each) for each in value]
    return {key: unescaped(each) for key, each in value.items()} if isinstance(value, dict) else value
