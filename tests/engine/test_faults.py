"""Which of the engine's failures a second try may mend: told apart by what the SDK raises and what the engine says."""

import contextlib
import ipaddress
from types import SimpleNamespace
from typing import Any

import pytest
import requests
import urllib3
from docker.errors import APIError, DockerException

from grader.deadline import Deadline
from grader.engine import build, network
from grader.engine.cgroup import Group
from grader.engine.container import Container
from grader.engine.faults import engine_faults, passes
from grader.errors import BaseImageFault, EngineFault, PassingFault


def refusal(status: int, words: str) -> APIError:
    response = requests.Response()
    response.status_code = status
    return APIError("refused", response=response, explanation=words)


@pytest.mark.parametrize(
    ("error", "passing"),
    [
        pytest.param(refusal(404, "No such container: 1234"), True, id="vanished"),
        pytest.param(refusal(409, "removal of container 1234 is already in progress"), True, id="in-the-way"),
        pytest.param(refusal(503, "not ready"), True, id="not-ready"),
        pytest.param(
            refusal(500, "dial unix containerd.sock: connect: connection refused"), True, id="containerd-gone"
        ),
        pytest.param(refusal(500, "Pool overlaps with other one on this address space"), True, id="overlap"),
        pytest.param(refusal(500, "context deadline exceeded"), True, id="too-busy"),
        pytest.param(refusal(500, "no space left on device"), False, id="disk-full"),
        pytest.param(refusal(400, "invalid mount config"), False, id="our-own-mistake"),
        pytest.param(requests.ConnectionError("aborted"), True, id="hung-up"),
        pytest.param(requests.ReadTimeout("60 s"), True, id="silent"),
        pytest.param(requests.exceptions.JSONDecodeError("half an answer", "", 0), True, id="half-an-answer"),
        pytest.param(urllib3.exceptions.ProtocolError("broken"), True, id="broken-stream"),
        pytest.param(ConnectionResetError(), True, id="reset"),
        pytest.param(TimeoutError(), True, id="timeout"),
        pytest.param(DockerException("no"), True, id="sdk"),
        pytest.param(KeyError("Id"), False, id="another-shape"),
    ],
)
def test_what_a_second_try_may_mend(error: Exception, passing: bool) -> None:
    with pytest.raises(EngineFault) as caught, engine_faults("trying"):
        raise error
    assert isinstance(caught.value, PassingFault) is passing
    assert str(caught.value).startswith("trying failed: ")
    assert "\n" not in str(caught.value)


def test_what_is_no_failure_of_the_engines_is_left_alone() -> None:
    with pytest.raises(ZeroDivisionError), engine_faults("trying"):
        raise ZeroDivisionError


@pytest.mark.parametrize(
    ("words", "passing"),
    [
        ("ERROR: failed to receive status: rpc error: code = Unavailable desc = error reading from server: EOF", True),
        ("ERROR: Cannot connect to the Docker daemon at unix:///x. Is the docker daemon running?", True),
        ("ERROR: write /var/lib/docker/tmp/1: no space left on device", False),
    ],
    ids=["cut-off", "not-there", "disk-full"],
)
def test_the_words_of_a_client_that_was_cut_off(words: str, passing: bool) -> None:
    assert passes(words) is passing


def test_a_registry_that_is_silent_passes_and_is_still_a_base_images_fault() -> None:
    from grader.engine.bases import RegistryFault

    assert issubclass(RegistryFault, PassingFault)
    assert issubclass(RegistryFault, BaseImageFault)


class Api:
    """An engine's networks, the first blocks of which are taken."""

    def __init__(self, *taken: str) -> None:
        self.taken = taken
        self.asked: list[str] = []

    def networks(self) -> list[dict[str, Any]]:
        v6 = {"Subnet": "fd00::/64"}
        return [{"IPAM": {"Config": [{"Subnet": each}, v6]}} for each in self.taken] + [{"IPAM": {"Config": None}}]

    def create_network(self, name: str, **options: Any) -> dict[str, str]:
        self.asked.append(options["ipam"]["Config"][0]["Subnet"])
        if any(ipaddress.ip_network(self.asked[-1]).overlaps(ipaddress.ip_network(each)) for each in self.taken):
            raise refusal(403, "Pool overlaps with other one on this address space")
        return {"Id": self.asked[-1]}


@pytest.fixture
def engine_with(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> Any:
    def make(*taken: str, routes: str = "") -> Any:
        (tmp_path / "route").write_text(f"Iface\tDestination\tGateway\n{routes}")
        monkeypatch.setattr(network, "ROUTES", tmp_path / "route")
        client = type("Client", (), {"api": Api(*taken)})
        return type("Engine", (), {"client": client, "local": True})

    return make


def test_a_pool_that_another_network_covers_is_left_for_the_next(engine_with: Any) -> None:
    engine = engine_with("10.213.0.0/16")
    assert network.make_network(engine, "label").startswith("10.94.")
    assert len(engine.client.api.asked) == network.BLIND + 1


def test_the_last_free_block_is_found(engine_with: Any) -> None:
    block = ipaddress.ip_network("10.213.48.144/28")
    around = ipaddress.ip_network(network.POOLS[0]).address_exclude(block)
    engine = engine_with(*map(str, around), *network.POOLS[1:])
    assert network.make_network(engine, "label") == str(block)


def test_no_free_block_at_all_is_a_fault_that_may_pass(engine_with: Any) -> None:
    with pytest.raises(PassingFault, match=r"no free block in 10\.213\.0\.0/16 or .*`docker network ls`"):
        network.make_network(engine_with(*network.POOLS), "label")


@pytest.mark.parametrize(
    ("routes", "first"),
    [
        ("eth0\t00000000\t0102A8C0\t3\t0\t0\t0\t00000000\n", "10.213."),
        ("tun0\t0000000A\t00000000\t1\t0\t0\t0\t000000FF\n", "198.18."),
        ("tun0\t0000D50A\t00000000\t1\t0\t0\t0\t0000FFFF\n", "10.94."),
        ("br-1\t0000D50A\t00000000\t1\t0\t0\t0\t0000FFFF\n", "10.213."),
        ("half a line\n", "10.213."),
    ],
    ids=["the default route", "a VPN over all of 10", "a VPN over the first", "an engine's bridge", "nonsense"],
)
def test_a_pool_that_this_machine_reaches_another_way_comes_last(engine_with: Any, routes: str, first: str) -> None:
    assert network.make_network(engine_with(routes=routes), "label").startswith(first)


def test_a_refusal_for_another_reason_is_not_tried_again(engine_with: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = engine_with()
    monkeypatch.setattr(Api, "create_network", lambda self, name, **options: self.asked.append(name) or fails())
    with pytest.raises(EngineFault, match="no permission"):
        network.make_network(engine, "label")
    assert len(engine.client.api.asked) == 1


def fails() -> None:
    raise refusal(403, "no permission")


@pytest.mark.parametrize(
    ("words", "passing"), [("", True), ("ERROR: no space left on device", False), ("ERROR: unexpected EOF", True)]
)
def test_a_build_that_the_engine_broke(
    words: str, passing: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    log = build.BuildLog()
    log.plain = words
    process = type("Process", (), {"returncode": 1})
    command = type("Command", (), {"start": lambda self, *args, **options: process})()
    engine: Any = type("Engine", (), {"command": command})
    monkeypatch.setattr(build, "_follow", lambda *args: (log, False))
    monkeypatch.setattr(build, "limited", lambda *args, **options: contextlib.nullcontext(Group()))
    (tmp_path / "Dockerfile").write_text("FROM x\n")
    options: dict[str, Any] = {"label": "l", "folder": tmp_path, "cache": "c", "bases": ["x"], "timeout": 1}
    with pytest.raises(EngineFault) as caught:
        build.build(engine, tmp_path, progress=lambda step: None, **options)
    assert isinstance(caught.value, PassingFault) is passing


def test_a_container_that_ends_at_this_moment_lists_no_processes() -> None:
    api = type(
        "Ending",
        (),
        {
            "inspect_container": lambda self, name: {"State": {"Pid": 1}},
            "top": lambda self, name, ps_args: {"Titles": None, "Processes": None},
        },
    )()
    engine: Any = type("Engine", (), {"client": type("Client", (), {"api": api})})
    assert Container(engine=engine, id="1234", port=80).processes() == ()


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        pytest.param(refusal(409, "container 1234 is not running"), "", id="ended"),
        pytest.param(refusal(500, "ttrpc: closed: unknown"), "", id="its shim is leaving"),
        pytest.param(
            refusal(500, "runc did not terminate successfully: exit status 1: container does not exist\n: unknown"),
            "",
            id="runc knows it no more",
        ),
        pytest.param(refusal(500, "ps: exit status 1"), "listing the container's processes failed: ps", id="refused"),
    ],
)
def test_a_container_that_ends_while_it_is_looked_at_runs_nothing(error: APIError, fault: str) -> None:
    def refuse(*args: object, **options: object) -> None:
        raise error

    api = SimpleNamespace(inspect_container=lambda number: {"State": {"Pid": 7}}, top=refuse, exec_create=refuse)
    container = Container(engine=SimpleNamespace(client=SimpleNamespace(api=api)), id="1234", port=80)
    if fault:
        with pytest.raises(EngineFault, match=fault):
            container.processes()
    else:
        assert container.processes() == ()
        assert container.execute(["true"], Deadline(1)).exit_code is None
