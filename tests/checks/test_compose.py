"""The `compose` check: what a file says, in all the ways in which it can be said, and what the author may not ask."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader import compose
from grader.checks import compose as kind
from grader.checks.compose import ComposeCheck
from grader.report import Outcome
from tests.checks.fakes import COMMON, FakeSubject

BASES = ("python:3.13-slim", "postgres:17")
DATA = "/var/lib/postgresql/data"
FILE = """
services:
  web:
    build: .
    ports: ["8080:5000", "9000:9000/udp"]
    depends_on: {tables: {condition: service_completed_successfully}}
    networks: [front, back]
  tables:
    build: .
    depends_on: {db: {condition: service_healthy}}
    networks: [back]
  proxy:
    build: .
    depends_on: [web]
    networks: [front]
  db:
    image: docker.io/library/postgres:17
    expose: ["5432"]
    volumes: ["data:/var/lib/postgresql/data/"]
    healthcheck: {test: pg_isready}
    networks: [back]
  debug:
    image: postgres:17
    profiles: [debug]
networks: {front: , back: }
volumes: {data: }
"""


def check(**fields: Any) -> ComposeCheck:
    return ComposeCheck(**COMMON, **fields)


@pytest.fixture
def subject(tmp_path: Path) -> Callable[[str], FakeSubject]:
    def subject(text: str) -> FakeSubject:
        (tmp_path / "compose.yaml").write_text(text)
        (tmp_path / "Dockerfile").write_text("FROM python:3.13-slim\n")
        return FakeSubject(project=compose.read(tmp_path, "compose.yaml", BASES))

    return subject


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"services": ("web", "db")}, id="services"),
        pytest.param({"images": {"db": "postgres:17"}}, id="an image under its long name"),
        pytest.param({"waits": {"tables": "db"}}, id="waits itself"),
        pytest.param({"waits": {"web": "db"}}, id="waits for a job that waits"),
        pytest.param({"waits": {"proxy": "db"}}, id="waits three deep"),
        pytest.param({"volumes": {"db": DATA}}, id="a volume with a slash at its end"),
        pytest.param({"published": {"web": 5000}}, id="published"),
        pytest.param({"unpublished": ("db", "tables")}, id="exposed is not published"),
        pytest.param({"apart": {"proxy": "db"}}, id="apart"),
    ],
)
def test_what_the_file_says_passes(subject: Callable[[str], FakeSubject], fields: dict[str, Any]) -> None:
    result = check(**fields).run(subject(FILE))
    assert (result.outcome, result.got) == (Outcome.PASS, "")


@pytest.mark.parametrize(
    ("fields", "expected", "got", "facts"),
    [
        pytest.param(
            {"services": ("wep",)},
            "a service wep",
            "web, tables, proxy, db",
            {"fault": "no-service", "service": "wep", "nearest": "web"},
            id="no service",
        ),
        pytest.param(
            {"services": ("debug",)},
            "a service debug",
            "web, tables, proxy, db",
            {"fault": "no-service", "service": "debug"},
            id="one that is not started",
        ),
        pytest.param(
            {"images": {"web": "python:3.13-slim"}},
            "the image python:3.13-slim for web",
            "a build",
            {"fault": "image", "service": "web"},
            id="a build for an image",
        ),
        pytest.param(
            {"waits": {"db": "web"}},
            "db waits until web is healthy",
            "no depends_on for web",
            {"fault": "not-waited-for", "service": "db", "other": "web"},
            id="waits for nobody",
        ),
        pytest.param(
            {"waits": {"proxy": "web"}},
            "proxy waits until web is healthy",
            "service_started",
            {"fault": "not-waited-for", "condition": "service_started"},
            id="waits for the start alone",
        ),
        pytest.param(
            {"published": {"web": 8080}},
            "web's port 8080 published",
            "8080:5000, 9000:9000",
            {"fault": "not-published", "service": "web", "port": "8080", "swapped": "yes"},
            id="ports swapped",
        ),
        pytest.param(
            {"published": {"web": 9000}},
            "web's port 9000 published",
            "8080:5000, 9000:9000",
            {"fault": "not-published"},
            id="the other protocol",
        ),
        pytest.param(
            {"published": {"db": 5432}},
            "db's port 5432 published",
            "no ports",
            {"fault": "not-published", "service": "db"},
            id="exposed alone",
        ),
        pytest.param(
            {"unpublished": ("web",)},
            "no ports for web",
            "8080:5000, 9000:9000",
            {"fault": "published", "service": "web", "ports": "8080:5000, 9000:9000"},
            id="published",
        ),
        pytest.param(
            {"apart": {"web": "db"}},
            "web and db on networks of their own",
            "both are on back",
            {"fault": "same-network", "service": "web", "other": "db", "network": "back"},
            id="together",
        ),
    ],
)
def test_what_it_does_not_say_fails(
    subject: Callable[[str], FakeSubject], fields: dict[str, Any], expected: str, got: str, facts: dict[str, str]
) -> None:
    result = check(**fields).run(subject(FILE))
    assert (result.outcome, result.expected, result.got) == (Outcome.FAIL, expected, got)
    assert facts.items() <= result.evidence.items()


@pytest.mark.parametrize(
    ("mounts", "settings", "fault"),
    [
        pytest.param("[data:/var/lib/postgresql/data]", "", "", id="at the path"),
        pytest.param("[data:/var/lib/postgresql]", "", "volume-elsewhere", id="above the image's own volume"),
        pytest.param("[data:/data]", "", "volume-elsewhere", id="at another path"),
        pytest.param("[data:/data]", "PGDATA: /data/17", "", id="where the files were moved"),
        pytest.param("[data:/data]", "PGDATA: /elsewhere", "volume-elsewhere", id="not where they were moved"),
        pytest.param("[data:/var/lib/postgresql/data]", "PGDATA: /var/lib/postgresql/data/17", "", id="moved below"),
        pytest.param("[./data:/var/lib/postgresql/data]", "", "not-a-named-volume", id="a folder"),
        pytest.param("[/var/lib/postgresql/data]", "", "no-volume", id="without a name"),
        pytest.param("[]", "", "no-volume", id="nothing"),
        pytest.param("[data:/var/lib, /var/lib/postgresql/data]", "", "no-volume", id="the deepest counts"),
    ],
)
def test_the_path_that_is_kept(subject: Callable[[str], FakeSubject], mounts: str, settings: str, fault: str) -> None:
    service = f"image: 'postgres:17', volumes: {mounts}, environment: {{{settings}}}"
    text = f"services: {{db: {{{service}}}}}\nvolumes: {{data: }}"
    result = check(volumes={"db": DATA}).run(subject(text))
    assert result.evidence.get("fault", "") == fault
    assert result.outcome is (Outcome.FAIL if fault else Outcome.PASS)


def test_a_volume_above_the_path_of_an_app_holds_it(subject: Callable[[str], FakeSubject]) -> None:
    text = "services: {web: {build: ., volumes: ['data:/srv']}}\nvolumes: {data: }"
    assert check(volumes={"web": "/srv/app/data"}).run(subject(text)).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("says", "got", "facts"),
    [
        ("healthy", "", {}),
        ("", "none", {"fault": "no-health", "service": "db"}),
        ("unhealthy", "unhealthy", {"fault": "not-healthy", "service": "db", "health": "unhealthy"}),
        ("starting", "starting", {"fault": "not-healthy", "health": "starting"}),
    ],
    ids=["healthy", "none", "unhealthy", "starting"],
)
def test_health_is_the_containers(
    subject: Callable[[str], FakeSubject],
    monkeypatch: pytest.MonkeyPatch,
    says: str,
    got: str,
    facts: dict[str, str],
) -> None:
    monkeypatch.setattr(kind, "SECOND_LOOK", 0.0)
    asked = subject(FILE)
    asked.healths = lambda service: says
    result = check(healthy=("db",)).run(asked)
    assert result.got == got
    assert facts.items() <= result.evidence.items()
    assert set(asked.services) == {"db"}


def test_a_service_that_is_well_again_is_healthy(
    subject: Callable[[str], FakeSubject], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kind, "PAUSE", 0.0)
    asked, told = subject(FILE), iter(("unhealthy", "unhealthy", "healthy"))
    asked.healths = lambda service: next(told)
    assert check(healthy=("db",)).run(asked).outcome is Outcome.PASS


def test_it_needs_containers_for_health_alone() -> None:
    assert [check(services=("web",)).needs_start, check(healthy=("db",)).needs_start] == [False, True]


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({}, "", "asserts nothing and can never fail"),
        ({"published": {"web": 0}}, "published", "published: web = 0 is not between 1 and 65535"),
        ({"published": {"web": 5000}, "unpublished": ("web",)}, "unpublished", "nothing could pass"),
        ({"volumes": {"db": "data"}}, "volumes", "it starts with /"),
        ({"waits": {"web": "web"}}, "waits", "cannot be two services"),
        ({"apart": {"web": "web"}}, "apart", "cannot be two services"),
    ],
    ids=["nothing", "no port", "both", "no path", "waits for itself", "apart from itself"],
)
def test_a_slip_of_the_authors_is_named(fields: dict[str, Any], field: str, words: str) -> None:
    ((place, fault),) = check(**fields).faults()
    assert place == field
    assert words in fault


def test_the_rubric_says_each_thing() -> None:
    asked = check(
        services=("web",),
        images={"db": "postgres:17"},
        healthy=("db",),
        waits={"web": "db"},
        volumes={"db": "/data"},
        published={"web": 80},
        unpublished=("db",),
        apart={"proxy": "db"},
    ).asks()
    assert asked == (
        "In compose.yaml, the services web are started, db runs the image postgres:17, db has a health check and passes"
        " it, web waits until db is healthy, /data of db is on a named volume, web publishes its port 80, db publishes"
        " no port, proxy and db share no network"
    )
