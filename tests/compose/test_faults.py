"""What a Compose file may not say is refused, each by its name, with its line and a reason."""

import re
import tracemalloc
from pathlib import Path

import pytest

from grader import compose, limits
from grader.compose import ComposeFault, FaultKind, rules
from grader.compose.parse import parse
from tests.compose.honest import BASES, hand_in
from tests.compose.hostile import ATTACKS, BOMB, MISTAKES, Wrong

CASES = {**ATTACKS, **MISTAKES}
# What is harmless to read, since the file that is run holds nothing of it.
IDLE = {
    "C10": "links: the copy of a submission holds none; see test_links",
    "C15": "mem_limit, shm_size, ulimits, tmpfs without a size: ours stand instead",
    "C16": "deploy.replicas, scale",
    "C17": "restart: a claim",
    "C19": "logging",
    "C20": "ports: a claim",
    "C21": "container_name: an alias",
    "C28": "COMPOSE_* in .env",
    "C29": "compose.override.yaml: noted",
    "C35": "build.args",
    "C40": "develop",
    "C50": "labels, annotations",
    "C51": "name",
    "C53": "`docker compose config` is never run on a student's file",
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_each_is_refused_with_its_reason(case: Wrong, tmp_path: Path) -> None:
    folder = hand_in(tmp_path, {"compose.yaml": "", **case.files})
    (folder / "compose.yaml").write_bytes(case.text.encode("utf-8", "surrogateescape"))
    if "compose.yaml" in case.files:
        (folder / "compose.yaml").unlink()
    with pytest.raises(ComposeFault) as caught:
        compose.read(folder, "compose.yaml", BASES)
    fault = caught.value
    assert case.says in str(fault)
    assert (fault.kind, fault.line, fault.nearest or case.nearest) == (case.kind, case.line, fault.nearest)
    assert case.nearest in ("", fault.nearest)
    assert "\n" not in str(fault)
    assert len(str(fault)) < 800


def test_every_attack_of_the_list_is_tried() -> None:
    tried = {name.split()[0] for name in ATTACKS if name.startswith("C")}
    spans = {f"C{number:02}" for number in range(31, 35)} if "C31-C34" in tried else set()
    asked = {f"C{number:02}" for number in range(1, 54)}
    assert asked - (tried | spans | IDLE.keys()) == set()


@pytest.mark.parametrize("level", [rules.FILE, rules.SERVICE, rules.BUILD_SECTION], ids=lambda level: level.noun)
def test_no_key_is_of_two_minds(level: rules.Level) -> None:
    assert not level.read & level.idle
    assert not (level.read | level.idle) & level.refused.keys()
    assert all(reason and "\n" not in reason for reason in level.refused.values())


def test_harmless_capabilities_are_those_that_every_container_has() -> None:
    assert rules.HARMLESS["cap_add"] == set(limits.CAPABILITIES)


def test_a_bomb_costs_little() -> None:
    parse(b"a: 1")  # the reader itself is imported here, and is not what is measured
    tracemalloc.start()
    try:
        with pytest.raises(ComposeFault, match="aliases"):
            parse(BOMB.encode())
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 2_000_000  # bytes


@pytest.mark.parametrize("target", ["/etc", "..", "web"], ids=["absolute", "outwards", "inside"])
@pytest.mark.parametrize(
    "option",
    ["volumes: ['./link:/data']", "env_file: link/db.env", "volumes: ['./link/init.sql:/x:ro']"],
    ids=["a folder", "an env_file", "a file"],
)
def test_links(option: str, target: str, tmp_path: Path) -> None:
    folder = hand_in(tmp_path / "handed in", f"services:\n  web:\n    build: .\n    {option}\n")
    (folder / "link").symlink_to(target)
    with pytest.raises(ComposeFault, match="leads over a link") as caught:
        compose.read(folder, "compose.yaml", BASES)
    assert caught.value.kind == FaultKind.REFUSED


def test_a_linked_compose_file_is_not_read(tmp_path: Path) -> None:
    folder = hand_in(tmp_path, {"real.yaml": "services: {web: {build: .}}\n"})
    (folder / "compose.yaml").symlink_to("real.yaml")
    with pytest.raises(ComposeFault, match="not handed in"):
        compose.read(folder, "compose.yaml", BASES)


def test_the_graders_environment_stays_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADER_TOKEN", "kettle42")
    text = "services:\n  web:\n    build: .\n    environment: [GRADER_TOKEN, A=$GRADER_TOKEN]\n    env_file: x.env\n"
    folder = hand_in(tmp_path, {"compose.yaml": text, "x.env": "B=$GRADER_TOKEN\nGRADER_TOKEN\n"})
    project = compose.read(folder, "compose.yaml", BASES)
    assert project.services["web"].environment == {"A": "", "B": ""}
    assert "kettle42" not in str(project)
    assert any("GRADER_TOKEN is not set" in note for note in project.notes)


def test_what_has_no_effect_is_noted_once(tmp_path: Path) -> None:
    text = "services:\n  a: {build: ., labels: [x], deploy: {replicas: 1000}}\n  b: {build: ., labels: [y]}\n"
    project = compose.read(hand_in(tmp_path, text), "compose.yaml", BASES)
    assert project.notes == ("`labels` has no effect when graded", "`deploy` has no effect when graded")


def test_an_override_is_noted(tmp_path: Path) -> None:
    files = {"compose.yaml": "services: {web: {build: .}}", "compose.override.yaml": "services: {}"}
    project = compose.read(hand_in(tmp_path, files), "compose.yaml", BASES)
    assert project.notes == ("`compose.override.yaml` is not read: put what it says into `compose.yaml`",)


def test_settings_of_compose_in_env_have_no_effect(tmp_path: Path) -> None:
    files = {
        "compose.yaml": "services: {web: {build: .}}",
        ".env": "COMPOSE_PROJECT_NAME=victim\nCOMPOSE_FILE=/etc/x\nDOCKER_HOST=tcp://x\n",
    }
    project = compose.read(hand_in(tmp_path, files), "compose.yaml", BASES)
    assert [note.split()[1] for note in project.notes] == ["COMPOSE_FILE", "COMPOSE_PROJECT_NAME", "DOCKER_HOST"]


@pytest.mark.parametrize(
    ("option", "says"),
    [
        ("build: ./tools", "there is no folder `./tools`"),
        ("image: adminer", "`adminer` is not one of this exercise's images"),
        ("build: .\n    volumes: ['/var/run/docker.sock:/s']", "the engine's socket"),
        ("build: .\n    privileged: true", "`privileged`"),
    ],
    ids=["missing", "image", "a mount", "a key"],
)
def test_a_service_that_is_not_started_costs_nobody_anything(option: str, says: str, tmp_path: Path) -> None:
    text = f"services:\n  web:\n    build: .\n  tools:\n    {option}\n    profiles: [tools]\n"
    folder = hand_in(tmp_path, text)
    project = compose.read(folder, "compose.yaml", BASES)
    assert list(project.active) == ["web"]
    assert project.services["tools"].profiles == ("tools",)
    (folder / "compose.yaml").write_text(text.replace("    profiles: [tools]\n", ""))
    with pytest.raises(ComposeFault, match=re.escape(says)):
        compose.read(folder, "compose.yaml", BASES)


def test_a_command_that_is_cut_is_noted(tmp_path: Path) -> None:
    text = "services:\n  web:\n    build: .\n    command: flask db upgrade && gunicorn app:app\n"
    project = compose.read(hand_in(tmp_path, text), "compose.yaml", BASES)
    assert project.services["web"].command == ("flask", "db", "upgrade")
    assert project.notes == ("service 'web': `command` ends at `&`: Compose runs no shell, so write sh -c '...'",)
