"""Honest files, cut and pasted at random: nothing but a ComposeFault is ever raised, and nothing strange is written."""

import copy
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from grader import compose
from grader.compose import ComposeFault, FaultKind, rules
from grader.compose.dotenv import parse_env
from grader.compose.stage import stage
from tests.compose.honest import BASES, HONEST, hand_in
from tests.compose.hostile import ATTACKS
from tests.compose.strict import strange

ROUNDS = 30  # mutations of each file
SIGNS = "\t\n :-?{}[]&*!|>'\"%@`#,$~<\0\x1b\x85\u2028\ufeff\ud83d/\\.=é0"
TEXTS = {name: case if isinstance(case, str) else case["compose.yaml"] for name, case in HONEST.items()}
LINES = sorted({line for text in TEXTS.values() for line in text.splitlines()})
HOSTILE = sorted({line for case in ATTACKS.values() for line in case.text.splitlines() if len(line) < 200})

KEYS = sorted(rules.SERVICE.known | rules.FILE.known | rules.BUILD_SECTION.known | rules.MOUNT.known)
ODD: tuple[Any, ...] = (
    *(
        None,
        True,
        -1,
        0,
        10**30,
        1.5,
        "",
        " ",
        "\n",
        "/",
        "..",
        "~",
        "a:b:c:d",
        "a=b",
        "=",
        ":",
        "$$",
        "${X:-y}",
        "1-9",
        "0",
    ),
    *(
        [],
        [[]],
        [None],
        [1, 1],
        ["a", "a"],
        {},
        {"": ""},
        {"a": None},
        {"<<": {}},
        {"type": "bind"},
        "x" * 300,
        "é\u2028",
    ),
    *("/var/run/docker.sock:/s", {"external": True}, {"condition": "service_started"}, ["ALL"], "host", "unconfined"),
)

Mutation = Callable[[random.Random, list[str]], None]


def drop(draw: random.Random, lines: list[str]) -> None:
    del lines[draw.randrange(len(lines))]


def double(draw: random.Random, lines: list[str]) -> None:
    lines.insert(draw.randrange(len(lines)), draw.choice(lines))


def indent(draw: random.Random, lines: list[str]) -> None:
    at = draw.randrange(len(lines))
    lines[at] = draw.choice([" ", "  ", "\t"]) + lines[at] if draw.random() < 0.5 else lines[at][draw.randrange(1, 5) :]


def scratch(draw: random.Random, lines: list[str]) -> None:
    at = draw.randrange(len(lines))
    place = draw.randrange(len(lines[at]) + 1)
    lines[at] = lines[at][:place] + draw.choice(SIGNS) + lines[at][place + draw.randrange(2) :]


def borrow(draw: random.Random, lines: list[str]) -> None:
    insert(draw, lines, draw.choice(LINES))


def attack(draw: random.Random, lines: list[str]) -> None:
    insert(draw, lines, draw.choice(HOSTILE))


def insert(draw: random.Random, lines: list[str], line: str) -> None:
    at = draw.randrange(len(lines))
    # At the depth of what stands there, so that it is often read as what it is meant as.
    model = lines[at] if draw.random() < 0.8 else line
    lines.insert(at, " " * (len(model) - len(model.lstrip())) + line.strip())


MUTATIONS: tuple[Mutation, ...] = (drop, double, indent, scratch, borrow, attack)


@pytest.mark.parametrize("name", TEXTS)
def test_mutated_files(name: str, tmp_path: Path) -> None:
    draw = random.Random(f"{name} 2026")
    folder = hand_in(tmp_path / "handed in", HONEST[name])
    for number in range(ROUNDS):
        lines = TEXTS[name].splitlines() or [""]
        for _ in range(draw.choice([1, 1, 2, 3])):
            draw.choice(MUTATIONS)(draw, lines)
            lines = lines or [""]
        content = "\n".join(lines).encode("utf-8", "surrogatepass")
        (folder / "compose.yaml").write_bytes(content)
        assert check(folder, tmp_path / f"staged {number}"), content


@pytest.mark.parametrize("name", TEXTS)
def test_odd_values(name: str, tmp_path: Path) -> None:
    """A value in the place of another: always YAML, so that it gets further than a torn text."""
    draw = random.Random(f"{name} values")
    folder = hand_in(tmp_path / "handed in", HONEST[name])
    # As JSON and back, an alias is a copy of its own.
    unshared = json.dumps(yaml.safe_load(TEXTS[name].removeprefix("\ufeff").replace("\t", " ")), default=str)
    for number in range(ROUNDS):
        document = json.loads(unshared)
        for _ in range(draw.choice([1, 1, 2])):
            exchange(draw, document)
        text = json.dumps(document)
        (folder / "compose.yaml").write_text(text)
        assert check(folder, tmp_path / f"staged {number}"), text


def exchange(draw: random.Random, document: dict[str, Any]) -> None:
    """Put something else in one place of the document, or move what stands at another there."""
    holder, key = draw.choice(list(spots(document)))
    other, name = draw.choice(list(spots(document)))
    value = copy.deepcopy(draw.choice([*ODD, other[name]]))
    if isinstance(holder, dict) and draw.random() < 0.3:
        holder[draw.choice([*KEYS, str(key).upper(), f"{key}s"])] = value
    else:
        holder[key] = value


def spots(node: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in a document that holds a value: what holds it, and under which key."""
    for key, value in list(node.items()) if isinstance(node, dict) else enumerate(node):
        yield node, key
        if isinstance(value, dict | list):
            yield from spots(value)


def check(folder: Path, staged: Path) -> bool:
    try:
        project = compose.read(folder, "compose.yaml", BASES)
    except ComposeFault as fault:
        return whole(fault)
    stage(project, folder, staged)
    document = compose.document(
        project,
        name="ours",
        images=dict.fromkeys(project.active, "sha256:" + "0" * 64),
        networks={name: f"ours.{number}" for number, name in enumerate(project.networks)},
        label="org.example.run",
        memory=dict.fromkeys(project.active, 256),
        folder=staged,
    )
    return strange(document, staged) == []


def whole(fault: ComposeFault) -> bool:
    """Whether a fault says all that it must."""
    return bool(fault.what and fault.reason and "\n" not in str(fault) and isinstance(fault.kind, FaultKind))


@pytest.mark.parametrize("seed", range(20))
def test_mutated_variables(seed: int) -> None:
    draw = random.Random(seed)
    for _ in range(100):
        pieces = ["A=1\n", "export B=", "'x'", '"${A:-', "}", "\n", "$A", "# no", " #", "\\n", '"', "=", ":", "C", "é"]
        text = "".join(draw.choice([*pieces, draw.choice(SIGNS)]) for _ in range(draw.randrange(30)))
        assert told_or_read(text), text


def told_or_read(text: str) -> bool:
    try:
        found, _unset = parse_env(text.encode("utf-8", "surrogatepass"), ".env", {"A": "0"})
    except ComposeFault as fault:
        return whole(fault) and fault.file == ".env"
    return all(name and "\0" not in name + value for name, value in found.items())
