"""Compose projects on a real engine: who is at fault, what the databases say, and what is left afterwards."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from grader import compose, images
from grader.compose import write
from grader.deadline import Deadline
from grader.engine import Engine, mounted, stores
from grader.engine import project as project_module
from grader.engine.deployment import Refusal
from grader.engine.ledger import Lease, open_ledger, remove_all
from grader.engine.project import ProjectDeployment
from grader.engine.query import query
from grader.engine.record import record_of
from grader.errors import EngineFault, PassingFault, TooBusy
from grader.facts import Executed, Variation
from tests.conftest import ROOT

pytestmark = [pytest.mark.docker, pytest.mark.slow]

PYTHON, POSTGRES, MYSQL = "python:3.13-slim", "postgres:17", "mysql:9.7"
BASES = (PYTHON, POSTGRES, MYSQL)
WEB = f"image: '{PYTHON}', command: python -m http.server 5000"
DB = f"image: '{POSTGRES}', environment: {{POSTGRES_PASSWORD: x}}"

Deploy = Callable[..., ProjectDeployment]


@pytest.fixture(scope="module", autouse=True)
def state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        yield


@pytest.fixture(scope="module")
def bases(engine: Engine) -> None:
    images.ensure(BASES, engine, lambda line: None)


@pytest.fixture(scope="module")
def lease(engine: Engine, state: None, bases: None) -> Iterator[Lease]:
    with open_ledger(engine) as lease:
        yield lease


def made(engine: Engine, lease: Lease, folder: Path, services: str, **options: Any) -> ProjectDeployment:
    """A deployment of a file with these services, none of which is built."""
    folder.mkdir(exist_ok=True)
    (folder / "compose.yaml").write_text(services if services.startswith("services:") else f"services: {{{services}}}")
    project = compose.read(folder, "compose.yaml", BASES)
    settings: dict[str, Any] = {
        "engine": engine,
        "lease": lease,
        "project": project,
        "folder": folder,
        "images": {name: service.image for name, service in project.active.items()},
        "memory": dict.fromkeys(project.active, 768),
        "main": "web" if "web" in project.active else next(iter(project.active)),
        "port": 5000,
        "variation": Variation(),
    }
    return ProjectDeployment(**(settings | options))


@pytest.fixture
def deploy(engine: Engine, lease: Lease, tmp_path: Path) -> Iterator[Deploy]:
    found: list[ProjectDeployment] = []

    def deploy(services: str, **options: Any) -> ProjectDeployment:
        found.append(made(engine, lease, tmp_path / "submission", services, **options))
        return found[-1]

    yield deploy
    for each in found:
        each.down(data=True)


def ours(engine: Engine, label: str) -> list[str]:
    """All on the engine that carries the label."""
    api = engine.client.api
    found = [*api.containers(all=True), *api.networks(), *(api.volumes()["Volumes"] or ())]
    return [str(each.get("Id") or each["Name"]) for each in found if label in str(each.get("Labels"))]


@pytest.mark.parametrize(
    ("services", "service", "words"),
    [
        pytest.param(
            f"web: {{{WEB}}}, db: {{image: '{POSTGRES}'}}",
            "db",
            "db ended by itself with exit code 1",
            id="a database that ends",
        ),
        pytest.param(
            f"web: {{{WEB}}}, db: {{image: '{POSTGRES}', restart: always}}",
            "db",
            "db ended and was started again 3 times",
            id="a database that ends and is restarted",
        ),
        pytest.param(
            f"web: {{{WEB}, depends_on: {{gate: {{condition: service_healthy}}}}}},"
            f" gate: {{image: '{PYTHON}', command: 'false', healthcheck: {{test: 'true'}}}}",
            "gate",
            "dependency failed to start: container gate exited (1)",
            id="a dependency that ends",
        ),
        pytest.param(
            f"web: {{{WEB}, depends_on: {{gate: {{condition: service_healthy}}}}}},"
            f" gate: {{image: '{PYTHON}', command: sleep 60,"
            " healthcheck: {test: [CMD, curl, x], interval: 500ms, retries: 2}}",
            "gate",
            "dependency failed to start: container gate is unhealthy",
            id="unhealthy",
        ),
        pytest.param(
            f"web: {{{WEB}, depends_on: {{gate: {{condition: service_healthy}}}}}},"
            f" gate: {{image: '{PYTHON}', command: sleep 60}}",
            "gate",
            "dependency failed to start: container gate has no healthcheck configured",
            id="no health check",
        ),
        pytest.param(
            f"web: {{{WEB}, depends_on: {{job-1: {{condition: service_completed_successfully}}}}}},"
            f" job-1: {{image: '{PYTHON}', command: sh -c 'exit 3'}}",
            "job-1",
            'service "job-1" didn\'t complete successfully: exit 3',
            id="a job that fails",
        ),
        pytest.param(
            f"web: {{image: '{PYTHON}', command: gunicron app}}",
            "web",
            'exec: "gunicron": executable file not found in $PATH',
            id="no such program",
        ),
        pytest.param(f"web: {{{WEB}, user: bob}}", "web", "unable to find user bob", id="no such user"),
        pytest.param(
            f"web: {{{WEB}, volumes: ['./data:/etc/hosts.allow', './data:/etc/passwd']}}",
            "web",
            'error mounting "./data" to rootfs at "/etc/passwd"',
            id="a folder over a file",
        ),
    ],
)
def test_a_fault_of_the_submissions_is_a_refusal_that_names_the_service(
    deploy: Deploy, monkeypatch: pytest.MonkeyPatch, services: str, service: str, words: str
) -> None:
    monkeypatch.setattr(write, "START_PERIOD", 0.0)
    project = deploy(services)
    refusal = project.up(Deadline(30))
    assert refusal is not None
    assert refusal.service == service
    assert words in refusal.words
    assert project.name not in refusal.words.replace("has no", "")


@pytest.mark.parametrize(
    ("services", "refusal"),
    [
        pytest.param(
            f"web: {{{WEB}, depends_on: {{gate: {{condition: service_healthy}}}}}},"
            f" gate: {{image: '{PYTHON}', command: sleep 60, healthcheck: {{test: 'false', interval: 1s}}}}",
            Refusal(words="gate is not healthy after 5 s", service="gate"),
            id="never healthy",
        ),
        pytest.param(
            f"web: {{{WEB}, depends_on: {{job: {{condition: service_completed_successfully}}}}}},"
            f" job: {{image: '{PYTHON}', command: sleep 60}}",
            Refusal(words="job has not ended after 5 s, and others wait for that", service="job"),
            id="a job without an end",
        ),
    ],
)
def test_who_never_comes_up_costs_no_more_than_its_time(deploy: Deploy, services: str, refusal: Refusal) -> None:
    project, started = deploy(services), time.monotonic()
    assert project.up(Deadline(5)) == refusal
    assert time.monotonic() - started < 5 + 15  # the engine may be busy with others
    assert set(project.containers) == {refusal.service, "web"}


def test_who_is_held_up_has_the_time_back_while_others_wait_for_it(deploy: Deploy) -> None:
    services = f"web: {{{WEB}, depends_on: {{job: {{condition: service_completed_successfully}}}}}},"
    services += f" job: {{image: '{PYTHON}', command: sleep 60}}"
    project, started, seen = deploy(services), time.monotonic(), set()

    def held_up() -> float:
        seen.update(project.containers)
        return 4.0

    assert project.up(Deadline(5, held_up)) == Refusal(
        words="job has not ended after 5 s, and others wait for that", service="job"
    )
    assert time.monotonic() - started > 5 + 4
    assert seen == {"job", "web"}  # they are known while Compose is still at work
    with pytest.raises(TooBusy):
        deploy(services).up(Deadline(5, lambda: 15.0))


def test_what_is_the_engines_fault_is_no_refusal(
    deploy: Deploy, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(EngineFault, match="No such image"):
        deploy(f"web: {{{WEB}}}", images={"web": "sha256:" + "0" * 64}).up(Deadline(20))
    hurried = deploy(f"web: {{{WEB}}}")
    monkeypatch.setattr(project_module, "LEAST", 0.01)
    with pytest.raises(PassingFault, match="did not end within"):
        hurried.up(Deadline(0.01))
    monkeypatch.undo()
    gone = deploy(f"web: {{{WEB}}}")
    assert gone.up(Deadline(30)) is None
    network = engine.client.api.inspect_container(gone.containers["web"].id)["NetworkSettings"]["Networks"]
    gone.down(data=False)
    engine.client.api.remove_network(next(iter(network)))
    with pytest.raises(EngineFault, match="not found"):
        gone.up(Deadline(30))


def test_a_database_that_is_killed_from_outside_is_no_refusal(deploy: Deploy) -> None:
    project = deploy(
        f"web: {{{WEB}, depends_on: {{gate: {{condition: service_healthy}}}}}},"
        f" gate: {{image: '{PYTHON}', command: sh -c 'kill -9 $$$$', healthcheck: {{test: 'true'}}, init: true}}"
    )
    with pytest.raises(PassingFault, match="the container of gate was killed from outside"):
        project.up(Deadline(30))


def test_a_database_takes_connections_before_the_app_begins(deploy: Deploy) -> None:
    asks = 'import socket; socket.create_connection(("db", 5432)); print("at once", flush=True)'
    project = deploy(
        f"services:\n  web:\n    image: {PYTHON}\n    command: ['python', '-c', '{asks}']\n"
        f"  db: {{{DB}, volumes: ['data:/var/lib/postgresql/data']}}\nvolumes: {{data: }}\n"
    )
    assert project.up(Deadline(60)) is None
    assert until(lambda: not project.containers["web"].state().running)
    assert project.containers["web"].logs().strip() == "at once"


def test_a_database_on_another_port_is_found_and_no_volume_is_left(
    deploy: Deploy, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stores, "LOOK_EVERY", 0.5)
    began = datetime.now(UTC).isoformat()[:19]
    project = deploy(f"web: {{{WEB}}}, db: {{{DB}, command: postgres -p 5433}}")
    assert project.up(Deadline(60)) is None
    project.down(data=True)
    volumes = engine.client.api.volumes()["Volumes"] or ()
    recent = [Path(each["Mountpoint"]) for each in volumes if each["CreatedAt"] >= began]
    # Empty: made for a helper that looked at the sockets, and never written to.
    assert [place for place in recent if place.is_dir() and not any(place.iterdir())] == []


def test_who_comes_late_is_there_and_silent(deploy: Deploy) -> None:
    asks = (
        'import socket, time\nwhile True:\n  try:\n    socket.create_connection(("db", 5432)); break\n'
        '  except ConnectionRefusedError: print("refused", flush=True); time.sleep(0.5)'
    )
    project = deploy(
        f"web: {{image: '{PYTHON}', command: [python, -c, {json.dumps(asks)}]}}, db: {{{DB}}}",
        variation=Variation(late={"db": 3}),
    )
    assert project.up(Deadline(30)) is None
    assert until(lambda: not project.containers["web"].state().running)
    assert project.containers["web"].state().exit_code == 0
    assert project.containers["web"].logs().count("refused") >= 3


def test_an_app_is_started_again_until_all_is_well_and_ends_when_it_is_told_to(deploy: Deploy) -> None:
    again = "test -e /tmp/here || { touch /tmp/here; exit 1; }; trap 'exit 1' TERM; while :; do sleep 0.1; done"
    project = deploy(f"web: {{image: '{PYTHON}', restart: always, command: [sh, -c, {json.dumps(again)}]}}")
    assert project.up(Deadline(30)) is None
    web = project.containers["web"]
    assert until(lambda: web.state().restarts == 1 and web.state().running)
    time.sleep(0.3)  # the trap is set
    stopped = web.stop(Deadline(5))
    assert (stopped.killed, stopped.exit_code) == (False, 1)
    time.sleep(1)
    assert (web.state().running, web.state().restarts) == (False, 1)


def test_the_record_of_a_health_check_holds_its_words(deploy: Deploy) -> None:
    health = "healthcheck: {test: [CMD, curl, x], interval: 500ms}"
    project = deploy(f"web: {{{WEB}, {health}}}")
    assert project.up(Deadline(30)) is None
    assert until(lambda: bool(record_of(project.containers["web"]).health_log))
    record = record_of(project.containers["web"])
    assert 'exec: "curl": executable file not found' in record.health_log
    assert (record.command, record.finished, record.refused) == ("python -m http.server 5000", "", "")


# The databases


@pytest.fixture(scope="module")
def postgres(engine: Engine, lease: Lease, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProjectDeployment]:
    """Locked even for loopback, and its password comes from a file."""
    folder = tmp_path_factory.mktemp("postgres")
    (folder / "secret.txt").write_text("it's $ecret\n")
    settings = (
        "{POSTGRES_USER: crew, POSTGRES_DB: hold, POSTGRES_PASSWORD_FILE: /run/secrets/pw,"
        " POSTGRES_INITDB_ARGS: '--auth=scram-sha-256'}"
    )
    text = (
        f"services: {{db: {{image: '{POSTGRES}', environment: {settings}, secrets: [pw]}},"
        f" web: {{{WEB}}}}}\nsecrets: {{pw: {{file: secret.txt}}}}\n"
    )
    project = made(engine, lease, folder, text)
    assert project.up(Deadline(60)) is None
    yield project
    project.down(data=True)


@pytest.fixture(scope="module")
def mysql(engine: Engine, lease: Lease, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProjectDeployment]:
    settings = "{MYSQL_ROOT_PASSWORD: r00t, MYSQL_DATABASE: hold}"
    text = f"services: {{db: {{image: '{MYSQL}', environment: {settings}}}, web: {{{WEB}}}}}"
    memory = {"db": images.catalogue()[MYSQL].memory, "web": 64}
    project = made(engine, lease, tmp_path_factory.mktemp("mysql"), text, memory=memory)
    assert project.up(Deadline(120)) is None
    yield project
    project.down(data=True)


@pytest.fixture(params=["postgres", "mysql"])
def database(request: pytest.FixtureRequest) -> ProjectDeployment:
    """Each of them in turn."""
    found: ProjectDeployment = request.getfixturevalue(request.param)
    return found


def asked(project: ProjectDeployment, sql: str, *, service: str = "db", timeout: float = 60) -> Executed:
    return query(project.engine, project.containers[service], sql, bases=BASES, lease=project.lease, timeout=timeout)


def told(project: ProjectDeployment, *statements: str) -> None:
    """Change something, by the database's own client, as the app would."""
    client = (
        ["psql", "-U", "crew", "hold", "-v", "ON_ERROR_STOP=1", "-c"]
        if "POSTGRES_USER" in project.project.services["db"].environment
        else ["mysql", "-uroot", "-pr00t", "hold", "-e"]
    )
    for statement in statements:
        command = ["sh", "-c", 'PGPASSWORD=$(cat /run/secrets/pw 2>/dev/null) exec "$@"', "sh", *client, statement]
        done = project.containers["db"].execute(command, Deadline(60))
        assert done.exit_code == 0, done.stderr


def test_a_database_is_asked_for_rows(database: ProjectDeployment) -> None:
    told(database, "CREATE TABLE word (name varchar(20), times int)", "INSERT INTO word VALUES ('a b', 1), ('c', 2)")
    done = asked(database, "SELECT name, times FROM word ORDER BY times")
    assert (done.exit_code, done.stdout, done.timed_out) == (0, "a b\t1\nc\t2\n", False)


def test_a_question_that_cannot_be_answered_has_the_databases_words(database: ProjectDeployment) -> None:
    done = asked(database, "SELECT * FROM nothing_of_the_kind")
    assert done.exit_code not in (0, None)
    assert "nothing_of_the_kind" in done.stderr


def test_a_question_changes_nothing(database: ProjectDeployment) -> None:
    done = asked(database, "CREATE TABLE ours (a int)")
    assert done.exit_code not in (0, None)
    assert "read" in done.stderr.lower()


def test_a_question_that_takes_too_long_is_given_up(database: ProjectDeployment) -> None:
    postgres = "POSTGRES_USER" in database.project.services["db"].environment
    started = time.monotonic()
    done = asked(database, f"SELECT {'pg_sleep(30)' if postgres else 'SLEEP(30)'}", timeout=1)
    assert time.monotonic() - started < 20
    assert done.exit_code != 0 or done.stdout.strip() == "1"  # MySQL says so when its sleep was cut short


def test_everything_is_all_databases_with_a_row_of_5_megabytes(database: ProjectDeployment) -> None:
    told(
        database,
        "CREATE TABLE picture (bytes text)" if _is_postgres(database) else "CREATE TABLE picture (bytes longtext)",
        "INSERT INTO picture VALUES (concat('begin', repeat('x', 5000000), 'end'))",
        "CREATE TABLE person (name varchar(20), secret varchar(200))",
        "INSERT INTO person VALUES ('ada', 'correct-horse'), ('bob', 'scrypt:32768:8:1$salt$hash')",
        "CREATE DATABASE hidden",
    )
    done = asked(database, "")
    assert (done.exit_code, done.timed_out) == (0, False)
    assert f"begin{'x' * 5_000_000}end" in done.stdout
    assert "correct-horse" in done.stdout
    assert "scrypt:32768:8:1$salt$hash" in done.stdout
    assert "hidden" in done.stdout


def _is_postgres(project: ProjectDeployment) -> bool:
    return project.project.services["db"].image == POSTGRES


def test_more_than_can_be_looked_at_is_no_answer(postgres: ProjectDeployment) -> None:
    done = asked(postgres, "SELECT repeat('x', 1000000) FROM generate_series(1, 100)")
    assert (done.exit_code, done.timed_out, done.stderr) == (None, False, "it told more than 16 MB")


def test_a_service_without_a_database_is_no_answer(postgres: ProjectDeployment) -> None:
    done = asked(postgres, "SELECT 1", service="web")
    assert (done.exit_code, done.stderr) == (None, f"no database that can be asked runs in {PYTHON}")


def test_a_lying_client_in_the_students_image_is_not_used(engine: Engine, lease: Lease, deploy: Deploy) -> None:
    api = engine.client.api
    box = api.create_container(POSTGRES, ["sh", "-c", FAKES], entrypoint=[], labels={lease.label: ""})["Id"]
    api.start(box)
    api.wait(box)
    image = api.commit(
        box, changes=['ENTRYPOINT ["docker-entrypoint.sh"]', 'CMD ["postgres"]', f"LABEL {lease.label}="]
    )
    api.remove_container(box)
    project = deploy(f"db: {{{DB}}}", images={"db": image["Id"]})
    assert project.up(Deadline(60)) is None
    assert until(lambda: asked(project, "SELECT 6 * 7").stdout == "42\n")
    assert "lies" not in asked(project, "").stdout
    project.containers["db"].stop(Deadline(10))
    done = asked(project, "SELECT 1")
    assert (done.exit_code, done.stderr) == (None, "the container has ended with exit code 0")


FAKES = """
for name in psql pg_dumpall; do
    printf '#!/bin/sh\\necho lies\\n' > /usr/local/bin/$name
    chmod +x /usr/local/bin/$name
done
"""


# What is left


def test_new_containers_find_what_the_old_ones_kept_in_a_volume(deploy: Deploy, engine: Engine) -> None:
    counts = (
        "f=/data/n; n=$(($(cat $f 2>/dev/null || echo 0) + 1)); echo $n > $f; echo $n; exec python -m http.server 5000"
    )
    text = (
        f"services:\n  web:\n    image: {PYTHON}\n    command: [sh, -c, {json.dumps(counts).replace('$', '$$')}]\n"
        "    volumes: ['kept:/data', '/scratch', './notes:/notes']\nvolumes: {kept: }\n"
    )
    project = deploy(text)
    for number in ("1", "2"):
        assert project.up(Deadline(30)) is None
        web = project.containers["web"]
        assert until(lambda web=web: bool(web.logs().strip()))  # type: ignore[misc]
        assert web.logs().split()[0] == number
        project.down(data=False)
        assert project.containers == {}
    volumes = [each["Name"] for each in engine.client.api.volumes()["Volumes"] or ()]
    assert [name for name in volumes if project.name in name] == [f"{project.name}_kept"]
    project.down(data=True)
    volumes = [each["Name"] for each in engine.client.api.volumes()["Volumes"] or ()]
    assert not [name for name in volumes if project.name in name]


def test_a_run_leaves_nothing(engine: Engine, bases: None, tmp_path: Path) -> None:
    with open_ledger(engine) as lease:
        project = made(engine, lease, tmp_path / "submission", f"web: {{{WEB}, volumes: ['./notes:/notes', /scratch]}}")
        assert project.up(Deadline(30)) is None
        assert len(ours(engine, lease.label)) >= 2  # the container, its network, that of the run
        folder = lease.folder
    assert until(lambda: not ours(engine, lease.label))
    assert until(lambda: not folder.exists())


def test_what_a_containers_root_wrote_into_a_folder_is_removed(
    deploy: Deploy, lease: Lease, monkeypatch: pytest.MonkeyPatch
) -> None:
    writes = (
        "mkdir -p /notes/deep && touch /notes/deep/file && chmod 700 /notes/deep && exec python -m http.server 5000"
    )
    project = deploy(
        f"web: {{image: '{PYTHON}', command: [sh, -c, {json.dumps(writes)}], volumes: ['./notes:/notes']}}"
    )
    assert project.up(Deadline(30)) is None
    folder = lease.folder / f"{project.name}.mounts"
    assert until(lambda: (folder / "0/deep/file").exists())
    removed = []

    def may_not(path: Path, ignore_errors: bool = False) -> None:
        """As for a user who is not root."""
        removed.append(sorted(each.name for each in path.rglob("*")))
        if len(removed) == 1:
            raise PermissionError(path)

    monkeypatch.setattr(mounted.shutil, "rmtree", may_not)
    project.down(data=True)
    assert removed == [["0", "deep", "file"], []]


SCRIPT = """
import sys, threading
from pathlib import Path
from tests.engine.test_projects import DB, WEB, made
from grader.engine import connect
from grader.engine.ledger import open_ledger
engine = connect()
try:
    with open_ledger(engine) as lease:
        print(lease.label, flush=True)
        made(engine, lease, Path(sys.argv[1]), f"web: {{{WEB}, depends_on: [db]}}, db: {{{DB}}}").up(Deadline(60))
        print("up", flush=True)
        threading.Event().wait()
finally:
    engine.close()
"""


@pytest.mark.parametrize("delay", [0.3, 0.8, 1.6], ids=lambda delay: f"after {delay} s")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL], ids=["Ctrl-C", "SIGKILL"])
def test_whoever_is_ended_in_the_middle_leaves_nothing(
    engine: Engine, bases: None, tmp_path: Path, number: signal.Signals, delay: float
) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "XDG_STATE_HOME": str(tmp_path / "state")}
    command = [sys.executable, "-c", SCRIPT, str(tmp_path / "submission")]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment
    ) as run:
        assert run.stdout is not None
        label = run.stdout.readline().strip()
        time.sleep(delay)
        run.send_signal(number)
        run.wait(timeout=60)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))

        def swept() -> bool:
            """What a killed run was about to make comes a moment later: a later run's sweep finds that too."""
            if number == signal.SIGKILL:
                with open_ledger(engine):
                    pass
                time.sleep(1)
            return not ours(engine, label)

        try:
            assert until(swept)
            time.sleep(2)
            assert until(swept)
        finally:
            with contextlib.suppress(EngineFault):
                remove_all(engine, {label})


def until(holds: Callable[[], bool], seconds: float = 30) -> bool:
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
