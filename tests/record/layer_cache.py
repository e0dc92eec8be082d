"""Records builds: for each order of instructions and each changed file, which steps ran again and for how long."""

import json
import re
import secrets
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from grader.engine.rawjson import Decoder
from grader.sphinx.explorer_facts import BuildRun, BuildStep

from .machine import LONGEST, MARK, docker, moment

# A step that another build runs at the same moment, such as FROM, may be told under the name that it has there.
STEP = re.compile(r"\[(?:\S+ )?(\d+)/\d+\] ")
BASE = "python:3.13-slim"
TRIES = 3  # the quickest of so many counts: other work on the machine only ever slows a build down
# What an edit does to the project's folder; a nonce makes it one that was never built before.
EDITS = {
    "nothing": (),
    "app": ("app.py", "\n# {nonce}\n"),
    "requirements": ("requirements.txt", "# {nonce}\n"),
    "notes": ("notes.txt", "{nonce}\n"),
    "readme": ("README.md", "{nonce}\n"),
}


def record(files: Path) -> list[BuildRun]:
    orders = ("copy-all-first", "requirements-first", "ignored")
    return [run for order in orders for run in _of_order(order, files)]


def _of_order(order: str, files: Path) -> list[BuildRun]:
    with tempfile.TemporaryDirectory(prefix=MARK) as temporary:
        folder = Path(temporary)
        shutil.copytree(files / order, folder, dirs_exist_ok=True)
        for name in ("app.py", "requirements.txt"):
            shutil.copy(files / name, folder)
        for name in ("app.py", "requirements.txt", "notes.txt", "README.md"):
            with (folder / name).open("a") as file:
                file.write(f"# {secrets.token_hex(8)}\n")  # so that nothing of an earlier recording is in the cache
        name = f"{MARK}:{secrets.token_hex(6)}"
        _build(folder, name)
        runs = [_after(order, changed, folder, name) for changed in EDITS]
        return [*runs, _on_another_base(order, folder, name)]


def _after(order: str, changed: str, folder: Path, name: str) -> BuildRun:
    tries = []
    for _ in range(TRIES):
        if not (edit := EDITS[changed]):
            tries.append(_build(folder, name))
            continue
        file, text = folder / edit[0], edit[1]
        before = file.read_text()
        file.write_text(before + text.format(nonce=secrets.token_hex(8)))
        tries.append(_build(folder, name))
        file.write_text(before)
    return _quickest(order, changed, tries)


def _on_another_base(order: str, folder: Path, name: str) -> BuildRun:
    """As after a new release of the base image: other content under a name in the FROM line."""
    tries = []
    dockerfile = folder / "Dockerfile"
    before = dockerfile.read_text()
    for _ in range(TRIES):
        base = f"{MARK}:{secrets.token_hex(6)}"
        recipe = f"FROM {BASE}\nRUN echo {base} > /etc/shipshape-record\n"
        subprocess.run(["docker", "build", "-q", "-t", base, "-"], input=recipe, text=True, check=True, stdout=-3)
        try:
            dockerfile.write_text(before.replace(BASE, base))
            tries.append(_build(folder, name))
        finally:
            dockerfile.write_text(before)
            docker("image", "rm", "--force", base, check=False)
    return _quickest(order, "base", tries)


def _quickest(order: str, changed: str, tries: list[tuple[BuildStep, ...]]) -> BuildRun:
    steps = min(tries, key=lambda each: sum(step.seconds for step in each))
    return BuildRun(choose={"order": order, "changed": changed}, steps=steps)


def _build(folder: Path, name: str) -> tuple[BuildStep, ...]:
    """Build, and read BuildKit's own record of it."""
    command = ["docker", "buildx", "build", "--progress=rawjson", "-t", name, "."]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, timeout=LONGEST, check=True)
    finally:
        docker("image", "rm", "--force", name, check=False)  # its steps stay in the cache
    vertexes: dict[str, dict[str, Any]] = {}
    for told in Decoder().feed(done.stderr):
        for vertex in told.get("vertexes") or ():
            vertexes.setdefault(vertex["digest"], {}).update(vertex)
    steps = {}
    for vertex in vertexes.values():
        if match := STEP.match(vertex.get("name", "")):
            steps[int(match[1])] = vertex
    if not steps:
        raise RuntimeError(f"no steps in what BuildKit told: {json.dumps(list(vertexes.values()))[:2000]}")
    steps.setdefault(1, {})
    lines = [line for line in (folder / "Dockerfile").read_text().splitlines() if not line.startswith("CMD")]
    return tuple(_step(line, steps[number]) for number, line in enumerate(lines, start=1))


def _step(line: str, vertex: dict[str, Any]) -> BuildStep:
    if line.startswith("FROM"):  # the base is no step that runs: it is here already, whichever it is
        return BuildStep(line=f"FROM {BASE}", again=False, seconds=0.0)
    if vertex.get("cached"):
        return BuildStep(line=line, again=False, seconds=0.0)
    took = moment(vertex["completed"]) - moment(vertex["started"])
    return BuildStep(line=line, again=True, seconds=round(took, 2))
