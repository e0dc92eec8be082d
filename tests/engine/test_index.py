"""A build that did not get its packages is looked into: was it the Dockerfile, this machine, or only that moment?"""

import itertools
import secrets
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from grader.engine import Engine, connect
from grader.engine.index import APT, PIP
from grader.engine.recipe import Recipe
from tests.conftest import ROOT
from tests.engine.test_grade import graded, outcomes

INSTALL = {
    "pip": "RUN pip --retries 1 download --no-deps -d /tmp/got six && rm -r /tmp/got",
    "apt": "RUN apt-get -o Acquire::Retries=0 update && apt-get install -y --no-install-recommends hello",
}
PLACE = {"pip": "the package index", "apt": "Debian's mirror"}
NOWHERE = "http://127.0.0.1:1"

Away = Callable[[int, int], None]


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch) -> Away:
    """Make builds lose the network: those from the first of these numbers on, and before the second."""
    options, builds = Recipe.options, itertools.count()
    assert isinstance(options, property)

    def lose(first: int, last: int) -> None:
        def with_proxy(recipe: Recipe) -> tuple[str, ...]:
            proxies = ("http_proxy", "https_proxy") if first <= next(builds) < last else ()
            # It is no part of what a step is known by in the cache.
            return (*options.fget(recipe), *(word for name in proxies for word in ("--build-arg", f"{name}={NOWHERE}")))

        monkeypatch.setattr(Recipe, "options", property(with_proxy))

    return lose


def with_steps(folder: Path, *steps: str, slug: str = "01-hello", early: bool = False) -> Path:
    """The worked answer with more steps, before its last line or behind its first, unlike those of any other run."""
    shutil.copytree(ROOT / "solutions" / slug, folder, dirs_exist_ok=True)
    lines = (folder / "Dockerfile").read_text().rstrip().splitlines()
    place = 1 if early else -1
    lines[place:place] = [f"ENV ONLY={secrets.token_hex(8)}", *steps]
    (folder / "Dockerfile").write_text("\n".join((*lines, "")))
    return folder


@pytest.mark.docker
@pytest.mark.parametrize("client", INSTALL)
def test_where_no_build_reaches_it_nothing_can_be_told(engine: Engine, tmp_path: Path, away: Away, client: str) -> None:
    away(0, 9)
    report = graded(engine, with_steps(tmp_path, INSTALL[client]))
    assert outcomes(report)["build"] == "error"
    assert report.results[0].got.startswith(f"a build cannot reach {PLACE[client]}: ")
    assert report.points is None


@pytest.mark.docker
@pytest.mark.parametrize("client", INSTALL)
def test_where_ours_reaches_it_the_dockerfile_is_at_fault(engine: Engine, tmp_path: Path, client: str) -> None:
    report = graded(engine, with_steps(tmp_path, INSTALL[client].replace("RUN", "RUN --network=none")))
    assert outcomes(report)["build"] == "fail"
    assert report.results[0].evidence["again"] == f"{PLACE[client]} was out of reach at first"


@pytest.mark.docker
@pytest.mark.parametrize("client", ["pip", pytest.param("apt", marks=pytest.mark.slow)])
def test_what_was_out_of_reach_for_a_moment_costs_nothing(
    engine: Engine, tmp_path: Path, away: Away, client: str
) -> None:
    away(0, 1)
    report = graded(engine, with_steps(tmp_path, INSTALL[client]))
    assert set(outcomes(report).values()) == {"pass"}
    assert report.results[0].got.endswith(f" steps, 1 cached, built twice: {PLACE[client]} was out of reach at first")
    assert report.attempts == ()


@pytest.mark.docker
@pytest.mark.slow
def test_what_was_out_of_reach_in_the_second_build_is_tried_again(engine: Engine, tmp_path: Path, away: Away) -> None:
    away(1, 2)
    report = graded(engine, with_steps(tmp_path, INSTALL["pip"], slug="02-layers"), ROOT / "exercises" / "02-layers")
    assert set(outcomes(report).values()) == {"pass"}
    fault = "in the second build, the package index was out of reach at first"
    assert [attempt.faults for attempt in report.attempts] == [(fault,), ()]


@pytest.mark.docker
@pytest.mark.slow
@pytest.mark.parametrize(("package", "outcome"), [("hello", "pass"), ("helol", "fail")], ids=["known", "misspelt"])
def test_a_list_that_an_earlier_build_did_not_get_costs_nothing(
    engine: Engine, tmp_path: Path, away: Away, package: str, outcome: str
) -> None:
    away(0, 2)
    # The first ends well where it reaches no mirror, and the cache keeps that.
    with_steps(tmp_path, "RUN apt-get update", f"RUN apt-get install -y --no-install-recommends {package}", early=True)
    # It lets go of its cgroup at the end; that of the next one's builds is the same, and so their steps are known.
    with closing(connect()) as other:
        first = graded(other, tmp_path)
    second = graded(engine, tmp_path)
    assert outcomes(first)["build"] == "error"
    assert outcomes(second)["build"] == outcome
    again = "the cache held older lists of Debian's packages at first"
    if outcome == "fail":
        assert second.results[0].diagnosis.id == "apt-package-misspelt"
        assert second.results[0].evidence["again"] == again
    else:
        assert second.results[0].got.endswith(f"built twice: {again}")


@pytest.mark.parametrize(
    "line",
    [
        "W: Failed to fetch http://mirror.invalid/debian/dists/trixie/InRelease  Could not resolve 'mirror.invalid'",
        "W: Failed to fetch http://mirror.invalid/debian/dists/trixie/InRelease  Unable to connect to 127.0.0.1:1:",
        "E: Failed to fetch http://mirror.invalid/x.deb  502  Bad Gateway [IP: 127.0.0.1 18502]",
        "E: Failed to fetch http://mirror.invalid/x.deb  Connection failed [IP: 127.0.0.1 18500]",
        "E: Failed to fetch http://mirror.invalid/x.deb  Hash Sum mismatch",
    ],
)
def test_what_apt_says_of_a_mirror_that_is_not_there(line: str) -> None:
    assert APT.words.search(line)


def test_a_file_that_the_mirror_does_not_have_is_no_fault_of_its() -> None:
    assert not APT.words.search("E: Failed to fetch http://mirror.invalid/pool/x.deb  404  Not Found")


@pytest.mark.parametrize(
    "line",
    [
        "WARNING: Retrying (Retry(total=4)) after connection broken by 'ProtocolError('Connection aborted.'",
        "ERROR: Could not install packages due to an OSError: HTTPSConnectionPool(host='x'): Max retries exceeded",
        "ERROR: HTTP error 502 while getting https://index.invalid/flask.whl",
        "  WARNING: Could not fetch URL https://index.invalid/flask/: 503 Server Error: Service Unavailable - skipping",
        "  cause: error sending request for url (https://index.invalid/simple/six/)",
        "  cause: HTTP status server error (502 Bad Gateway) for url (http://index.invalid/simple/six/)",
    ],
)
def test_what_pip_and_uv_say_of_an_index_that_is_not_there(line: str) -> None:
    assert PIP.words.search(line)


def test_what_pip_says_of_a_name_that_nobody_has_is_no_fault_of_the_index() -> None:
    said = "ERROR: Could not find a version that satisfies the requirement flsk (from versions: none)"
    assert not PIP.words.search(said)
