"""The cheat sheet: it has every command that the units use, and every line of it works."""

import re
from pathlib import Path

import pytest

from .belongings import calls
from .console import Block, Command, Saved, parse
from .engine import docker
from .room import Room

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
HERE = Path(__file__).parent / "sheet"
HELLO = DOCS / "01-hello" / "files"
UNITS = sorted(DOCS.glob("[0-9][0-9]-*/index.rst"))
ROW = re.compile(r"^``(?P<command>[a-z].*)``$", re.MULTILINE)
SHEET = [found["command"] for found in ROW.finditer((DOCS / "cheat-sheet.rst").read_text(encoding="utf-8"))]
FILES = (HELLO / "app.py", HELLO / "requirements.txt", HELLO / "Dockerfile", *sorted(HERE.glob("*.yaml")))
NOT_RUN = {
    r"make .*|python -m grader .*": "the grader's own, with tests of their own",
    r"docker (login|push|pull) .*": "needs a registry, and an account there",
    r"docker( compose)? logs -f.*": "goes on until Ctrl+C",
    r"docker compose exec .*mysql.*": "needs MySQL, and the database of this project is Postgres; unit 07 runs both",
    r"docker (container|image|volume|builder) prune": "would take away what is not this test's",
    # What it names is gone by then.
    r"docker rm -f tide|docker wait tide": "stands beside another way to the same",
}
BEFORE = {
    "docker run --rm --network tide-net tide true": "docker network create tide-net > /dev/null",
    "docker run --rm --env-file .env tide env": "echo GREETING=Ahoy > .env",
    "docker network create tide-net": "docker network rm tide-net",
    "curl -i http://127.0.0.1:8080/": "curl -s --retry 9 --retry-all-errors http://127.0.0.1:8080/",
    "docker image rm tide tide:1.0": "docker image tag tide:1.0 tide",
}


def reason(command: str) -> str:
    return next((why for pattern, why in NOT_RUN.items() if re.fullmatch(pattern, command)), "")


def subcommands(command: str) -> set[str]:
    """The docker subcommands in a command line, such as "compose up" or "volume ls"."""
    found = set()
    for call in calls(command):
        # The files and the project that Compose is told of come before its own subcommand.
        words = re.sub(r"(-[fp]|--\w[\w-]*) \S+ ", "", " ".join(call.words) + " ").split()
        word = next((each for each in words if re.fullmatch(r"[a-z]+", each)), "")
        found.add(f"compose {word}" if call.verb == "compose" else call.verb)
    return {each for each in found if not each.startswith("-")}


def used(page: Path) -> set[str]:
    blocks = [step for step in parse(page.read_text(encoding="utf-8"), page, DOCS) if isinstance(step, Block)]
    return {each for block in blocks for command in block.commands for each in subcommands(command.text)}


@pytest.mark.parametrize("page", UNITS, ids=lambda page: page.parent.name)
def test_the_sheet_has_every_docker_command_of_a_unit(page: Path) -> None:
    there = {each for command in SHEET for each in subcommands(command)}
    assert used(page) - there == set()


def test_no_line_stands_there_twice() -> None:
    assert len(SHEET) == len(set(SHEET)) > 60


def test_every_reason_is_needed() -> None:
    assert [pattern for pattern in NOT_RUN if not any(re.fullmatch(pattern, command) for command in SHEET)] == []
    assert set(BEFORE) <= set(SHEET)


@pytest.mark.docker
@pytest.mark.slow
def test_every_line_works() -> None:
    if docker("image", "inspect", "postgres:17").returncode:
        pytest.skip("postgres:17 is not here: python -m grader images postgres:17")
    lines = [line for each in SHEET if not reason(each) for line in (BEFORE.get(each, ""), each) if line]
    # Nobody sits at this terminal.
    commands = [Command(line=0, text=line.replace(" -it ", " -i "), expected=("...",)) for line in lines]
    room = Room(ROOT)
    try:
        assert room.prepare(commands) == ""
        assert (
            room.run(Block(line=0, commands=(Command(line=0, text="mkdir ../tide && cd ../tide", expected=()),))) == ""
        )
        for file in FILES:
            room.save(Saved(line=0, source=file, caption=file.name))
        complaints = [room.run(Block(line=0, commands=(command,), timeout=300)) for command in commands]
    finally:
        room.close()
    assert list(filter(None, complaints)) == []
