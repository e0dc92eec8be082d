"""The file that stands for a student's, brought up by Compose on a real engine."""

import json
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from grader import compose
from grader.compose.stage import stage
from grader.deadline import Deadline
from grader.engine import Engine
from grader.engine.command import CommandResult
from grader.engine.network import make_network

pytestmark = pytest.mark.docker

BASE = "debian:trixie-slim"
ODD = "$HOME ${X:-y} $$ 'a' \"b\" \\n \t é\nnext=line"
# Every way to say, or not to say, what a container runs; its image says `echo E echo C`.
ENTRYPOINTS = {"own": "", "emptied": "entrypoint: []", "other": "entrypoint: [echo, F]", "text": "entrypoint: echo F"}
COMMANDS = {"own": "", "emptied": "command: []", "other": "command: [echo, D]", "null": "command:"}


@dataclass(frozen=True, kw_only=True)
class Running:
    """What a project that has ended printed, by service."""

    engine: Engine
    name: str
    options: tuple[str, ...]

    def compose(self, *args: str) -> CommandResult:
        return self.engine.command.run(
            "compose", "--project-name", self.name, *self.options, *args, deadline=Deadline(90)
        )

    def said(self, service: str) -> str:
        api = self.engine.client.api
        labels = [f"com.docker.compose.project={self.name}", f"com.docker.compose.service={service}"]
        (found,) = api.containers(all=True, filters={"label": labels})
        return api.logs(found["Id"], stderr=False).decode()


Run = Callable[..., Running]


@pytest.fixture
def run(engine: Engine, tmp_path: Path) -> Iterator[Run]:
    """Runs a student's file to the end of its services: as ours, or as it is."""
    label = f"org.example.{secrets.token_hex(4)}"
    started: list[Running] = []

    def run(
        folder: Path,
        text: str,
        *,
        images: dict[str, str] | None = None,
        late: float = 0,
        as_it_is: bool = False,
        bases: tuple[str, ...] = (BASE,),
    ) -> Running:
        (folder / "compose.yaml").write_text(text)
        file, name = folder / "compose.yaml", f"t{secrets.token_hex(4)}"
        if not as_it_is:
            file = tmp_path / f"{name}.json"
            file.write_text(json.dumps(ours(folder, name, images or {}, late, bases)))
        (tmp_path / "empty.env").touch()
        options = ("--env-file", str(tmp_path / "empty.env"), "--file", str(file), "--progress", "plain")
        running = Running(engine=engine, name=name, options=options)
        started.append(running)
        done = running.compose("up", "--no-color")
        assert done.code == 0, done.stderr
        return running

    def ours(folder: Path, name: str, images: dict[str, str], late: float, bases: tuple[str, ...]) -> dict[str, object]:
        project = compose.read(folder, "compose.yaml", bases)
        staged = tmp_path / f"{name}.files"
        stage(project, folder, staged)
        api = engine.client.api
        networks = {each: str(api.inspect_network(make_network(engine, label))["Name"]) for each in project.networks}
        return compose.document(
            project,
            name=name,
            images={key: images.get(key, service.image) for key, service in project.active.items()},
            networks=networks,
            label=label,
            memory=dict.fromkeys(project.active, 64),
            folder=staged,
            late=dict.fromkeys(project.active, late) if late else {},
            commands={key: (["echo", "E"], ["echo", "C"]) for key in project.active},
        )

    yield run
    for running in started:
        running.compose("down", "--volumes", "--timeout", "0")
    api = engine.client.api
    for network in api.networks(filters={"label": label}):
        api.remove_network(network["Id"])
    assert api.containers(all=True, filters={"label": label}) == []
    assert api.volumes(filters={"label": label})["Volumes"] in (None, [])


@pytest.fixture(scope="module")
def image(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An image with an entrypoint and a command of its own."""
    folder = tmp_path_factory.mktemp("image")
    (folder / "Dockerfile").write_text(f'FROM {BASE}\nENTRYPOINT ["echo", "E"]\nCMD ["echo", "C"]\n')
    done = engine.command.run(
        *("buildx", "build", "--builder", "default", "--provenance", "false"),
        *("--iidfile", str(folder / "id"), str(folder)),
        deadline=Deadline(120),
    )
    assert done.code == 0, done.stderr
    name = (folder / "id").read_text().strip()
    yield name
    engine.client.api.remove_image(name, force=True)


@pytest.mark.parametrize("entrypoints", [("own", "emptied"), ("other", "text")], ids=" ".join)
def test_what_runs_is_what_the_students_file_runs_late_or_not(
    run: Run, image: str, tmp_path: Path, entrypoints: tuple[str, ...]
) -> None:
    folder = tmp_path / "handed in"
    folder.mkdir()
    ways = {
        f"{first}-{second}": f"    image: {image}\n    {ENTRYPOINTS[first]}\n    {COMMANDS[second]}\n"
        for first in entrypoints
        for second in COMMANDS
    }
    text = "services:\n" + "".join(f"  {name}:\n{options}" for name, options in ways.items())
    theirs = run(folder, text, as_it_is=True)
    wanted = {name: theirs.said(name) for name in ways}
    known = {"own-own": "E echo C\n", "emptied-own": "C\n", "other-own": "F\n", "other-other": "F echo D\n"}
    assert {name: words for name, words in wanted.items() if name in known}.items() <= known.items()
    for late in (0, 0.2):
        running = run(folder, text, images=dict.fromkeys(ways, image), late=late, bases=(image,))
        assert {name: running.said(name) for name in ways} == wanted


def test_a_link_that_a_container_makes_leads_nowhere(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "handed in"
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "word").write_text("kettle")
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "word").write_text("the host's")
    text = f"""\
services:
  evil:
    image: {BASE}
    command: sh -c "rm -r /all/data; ln -s {outside} /all/data; ls -l /all/data"
    volumes: [".:/all"]
  victim:
    image: {BASE}
    command: cat /data/word
    volumes: ["./data:/data"]
    depends_on:
      evil: {{condition: service_completed_successfully}}
"""
    running = run(folder, text)
    assert str(outside) in running.said("evil")
    assert running.said("victim") == "kettle"
    # The same file as it is, to prove that the attack is one.
    assert run(folder, text, as_it_is=True).said("victim") == "the host's"


def test_who_mounts_the_same_folder_shares_it(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "handed in"
    folder.mkdir()
    text = f"""\
services:
  writer:
    image: {BASE}
    user: "1000"
    command: sh -c "echo kettle > /data/word"
    volumes: ["./new/folder:/data"]
  reader:
    image: {BASE}
    command: cat /data/word
    volumes: ["./new/folder/:/data:ro"]
    depends_on: {{writer: {{condition: service_completed_successfully}}}}
"""
    running = run(folder, text)
    assert running.said("reader") == "kettle\n"
    assert not (folder / "new").exists()


def test_values_arrive_as_they_were_meant(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "handed in"
    folder.mkdir()
    (folder / "site.conf").write_text("site")
    odd = json.dumps(ODD.replace("$", "$$"))
    text = f"""\
services:
  web:
    image: {BASE}
    environment: {{ODD: {odd}}}
    working_dir: /srv
    user: "1234:5"
    hostname: web-host
    read_only: true
    tmpfs: /scratch
    command:
      - sh
      - -c
      - |
        printf "%s|" "$$ODD" "$$PWD" "$$(id -u):$$(id -g)" "$$(hostname)" "$$1"
        touch /x || touch /scratch/x && cat /run/secrets/a /b
      - s
      - {odd}
    secrets: [a]
    configs: [{{source: b, target: /b}}]
secrets: {{a: {{file: site.conf}}}}
configs: {{b: {{content: " and $$more"}}}}
"""
    said = run(folder, text).said("web")
    assert said.startswith("|".join([ODD, "/srv", "1234:5", "web-host", ODD, ""]))
    assert said.endswith("site and $more")


def test_every_name_that_compose_knows_is_reached(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "handed in"
    folder.mkdir()
    text = f"""\
services:
  db:
    image: {BASE}
    container_name: the_container
    hostname: the-host
    command: sleep 5
    stop_signal: SIGKILL
    networks: {{back: {{aliases: [the-alias]}}}}
  web:
    image: {BASE}
    links: ["db:the-link"]
    networks: [back, front]
    command: >
      sh -c "for name in db the_container the-host the-alias the-link; do
      getent hosts $$name > /dev/null && echo $$name; done; true"
  apart:
    image: {BASE}
    networks: [front]
    command: sh -c "getent hosts db || echo apart"
    depends_on: [db]
networks: {{back: , front: }}
"""
    running = run(folder, text)
    assert running.said("web").split() == ["db", "the_container", "the-host", "the-alias", "the-link"]
    assert running.said("apart") == "apart\n"
