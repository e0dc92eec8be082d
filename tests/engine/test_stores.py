"""Both of the engine's image stores: the classic one, and containerd's, which names images by another digest."""

import json
from pathlib import Path
from typing import Any

import pytest

from grader.engine import build as module
from grader.engine import policy, syntax
from grader.errors import EngineFault

RECORD = {"containerimage.config.digest": "sha256:config", "containerimage.digest": "sha256:manifest"}


@pytest.fixture
def record(tmp_path: Path) -> Path:
    path = tmp_path / "metadata.json"
    path.write_text(json.dumps(RECORD))
    return path


@pytest.mark.parametrize("known", ["sha256:config", "sha256:manifest"], ids=["classic", "containerd"])
def test_an_image_has_the_id_that_the_engine_knows(record: Path, monkeypatch: pytest.MonkeyPatch, known: str) -> None:
    engine: Any = object()
    monkeypatch.setattr(module, "inspect", lambda asked, digest: {"Id": digest} if digest == known else None)
    assert module._image_id(engine, record) == known


def test_an_image_that_no_store_knows_is_a_fault(record: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine: Any = object()
    monkeypatch.setattr(module, "inspect", lambda asked, digest: None)
    with pytest.raises(EngineFault, match="removed as soon as it was built"):
        module._image_id(engine, record)
    record.unlink()
    with pytest.raises(EngineFault, match="buildx left no record of the build"):
        module._image_id(engine, record)


def test_a_base_is_allowed_by_its_name_and_by_its_digest() -> None:
    rules = policy.policy_for(["python:3.13-slim"])["rules"]
    allowed = [rule["selector"]["identifier"] for rule in rules if rule["action"] == "ALLOW"]
    name = "docker-image://docker.io/library/python:3.13-slim"
    assert {name, f"{name}@*"} <= set(allowed)
    assert rules[0] == {"action": "DENY", "selector": {"identifier": "*"}}


@pytest.mark.parametrize(
    ("reference", "canonical"),
    [
        ("python:3.13-slim", "docker.io/library/python:3.13-slim"),
        ("course/base:1", "docker.io/course/base:1"),
        ("registry.example/base:1", "registry.example/base:1"),
        ("localhost:5000/base", "localhost:5000/base"),
    ],
)
def test_a_reference_is_written_as_buildkit_writes_it(reference: str, canonical: str) -> None:
    assert policy._canonical(reference) == canonical


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"# syntax=a\nFROM x\n", b"%sFROM x\n"),
        (b"# syntax=a\n# escape=`\nFROM x\n", b"# escape=`\n%sFROM x\n"),
        (b"# check=skip=all\n#SYNTAX = a\nFROM x\n", b"# check=skip=all\n%sFROM x\n"),
        (b"\xef\xbb\xbf# syntax=a\r\nFROM x\r\n", b"\xef\xbb\xbf%sFROM x\r\n"),
        (b"#!/usr/bin/env docker\n# syntax=a\nFROM x\n", b"#!/usr/bin/env docker\n%sFROM x\n"),
        (b"# a comment\n# syntax=a\nFROM x\n", b"# a comment\n# syntax=a\nFROM x\n"),
        (b"FROM x\n# syntax=a\n", b"FROM x\n# syntax=a\n"),
        (b"", b""),
    ],
    ids=["alone", "before escape", "after check", "mark and CRLF", "shebang", "after a comment", "too late", "empty"],
)
def test_a_syntax_directive_is_taken_out_and_no_line_moves(tmp_path: Path, before: bytes, after: bytes) -> None:
    path = tmp_path / "Dockerfile"
    path.write_bytes(before)
    syntax.neutralize(path)
    assert path.read_bytes() == after.replace(b"%s", syntax.OURS)
