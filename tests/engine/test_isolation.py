"""What a hostile submission may try, in its build and in its run: each attack by itself, on a real engine."""

import contextlib
import ipaddress
import json
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from grader.deadline import Deadline
from grader.engine import Engine, cgroup, cgroupfs, firewall, nearness, slots
from grader.engine.build import Build, build
from grader.engine.container import Container
from grader.engine.image import inspect
from grader.engine.labels import RUN
from grader.engine.ledger import Lease, open_ledger
from grader.engine.network import make_network
from grader.engine.single import Single
from grader.errors import EngineFault

pytestmark = [pytest.mark.docker, pytest.mark.slow]

BASE = "python:3.13-slim"
HELPER = "debian:trixie-slim"
PASSWORD = "s3cret-of-the-grader"  # noqa: S105 -- it stands for one


@pytest.fixture(scope="module", autouse=True)
def state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A state folder of these tests' own, and settings of the user's with a password in them."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("user")
        proxies = {"default": {"httpProxy": f"http://user:{PASSWORD}@proxy:1", "httpsProxy": f"http://{PASSWORD}:1"}}
        (folder / "config.json").write_text(json.dumps({"proxies": proxies, "auths": {"r.example": {"auth": "eDp5"}}}))
        patch.setenv("DOCKER_CONFIG", str(folder))
        patch.setenv("XDG_STATE_HOME", str(folder / "state"))
        patch.setenv("HTTP_PROXY", f"http://user:{PASSWORD}@proxy:1")
        patch.setenv("GRADER_TOKEN", PASSWORD)
        yield


@pytest.fixture(scope="module")
def lease(engine: Engine, state: None) -> Iterator[Lease]:
    with open_ledger(engine) as lease:
        yield lease


def built(engine: Engine, lease: Lease, context: Path, dockerfile: str, **options: Any) -> Build:
    """Build a Dockerfile as a submission's is built."""
    context.mkdir(exist_ok=True)
    (context / "Dockerfile").write_text(f"FROM {BASE}\n{dockerfile}\n")
    settings = {"label": lease.label, "folder": lease.folder, "cache": "mallory", "bases": [BASE], "timeout": 60}
    return build(engine, context, **(settings | {"progress": lambda step: None} | options))


@pytest.fixture
def make(engine: Engine, lease: Lease, tmp_path: Path) -> Callable[..., Build]:
    return lambda dockerfile, **options: built(engine, lease, tmp_path / "context", dockerfile, **options)


def fresh(command: str) -> str:
    """A RUN line that no cache knows."""
    return f"RUN : {time.time_ns()}; {command}"


@pytest.fixture
def visits() -> Iterator[tuple[int, list[str]]]:
    """A port on this machine's loopback, and who came by."""
    came: list[str] = []

    def serve(server: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, address = server.accept()
                came.append(str(address))
                connection.close()

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=serve, args=[server], daemon=True)
        thread.start()
        yield server.getsockname()[1], came
        server.shutdown(socket.SHUT_RDWR)
    thread.join()


@pytest.fixture
def neighbor(engine: Engine, lease: Lease, make: Callable[..., Build]) -> Iterator[str]:
    """Another student's image, under a name that is easy to guess."""
    image = make(f"RUN echo {PASSWORD} > /answer").image
    engine.client.api.tag(image, "bob-01-hello", "latest")
    yield "bob-01-hello:latest"
    engine.client.api.remove_image("bob-01-hello:latest")


@pytest.mark.parametrize(
    "line",
    [
        "ADD http://127.0.0.1:{port}/secret /x",
        "ADD git://127.0.0.1:{port}/secret.git /x",
        "ADD http://127.0.0.1:{port}/secret.git#main /x",
        "FROM 127.0.0.1:{port}/image",
        "COPY --from=127.0.0.1:{port}/image /x /x",
        "RUN --mount=from=127.0.0.1:{port}/image,target=/x true",
    ],
    ids=["B01 a url", "B05 git", "B05 git over http", "B25 a registry", "B25 copy", "B25 mount"],
)
def test_the_engine_fetches_nothing_for_a_build(
    make: Callable[..., Build], visits: tuple[int, list[str]], line: str
) -> None:
    port, came = visits
    result = make(line.format(port=port))
    assert not result.image
    assert "denied by policy" in result.error
    assert came == []


@pytest.mark.parametrize("head", ["# syntax=127.0.0.1:{port}/frontend", "#SyNtAx=127.0.0.1:{port}/f\n# escape=`"])
def test_b04_no_frontend_is_fetched(
    engine: Engine, lease: Lease, tmp_path: Path, visits: tuple[int, list[str]], head: str
) -> None:
    port, came = visits
    (tmp_path / "Dockerfile").write_text(f"{head.format(port=port)}\nFROM {BASE}\n")
    options = {"label": lease.label, "folder": lease.folder, "cache": "mallory", "bases": [BASE], "timeout": 60}
    assert build(engine, tmp_path, progress=lambda step: None, **options).image
    assert came == []


@pytest.mark.parametrize(
    "line",
    ["FROM {name}", "COPY --from={name} /answer /x", "RUN --mount=from={name},target=/x cat /x/answer"],
    ids=["from", "copy", "mount"],
)
def test_b02_another_image_of_this_engine_is_out_of_reach(make: Callable[..., Build], neighbor: str, line: str) -> None:
    result = make(line.format(name=neighbor))
    assert not result.image
    assert "denied by policy" in result.error


def test_b03_another_submissions_cache_mount_is_out_of_reach(make: Callable[..., Build]) -> None:
    nonce, mount = time.time_ns(), "RUN --mount=type=cache,id=pip,sharing=shared,target=/root/.cache/pip"
    assert make(f"{mount} echo poison > /root/.cache/pip/{nonce}", cache="mallory").image
    assert make(f"{mount} test ! -e /root/.cache/pip/{nonce}", cache="alice").image


@pytest.mark.parametrize(
    ("line", "sign"),
    [
        ("RUN --network=host true", "network.host is not allowed"),
        ("RUN --security=insecure true", "security"),
        ("RUN --mount=type=secret,id=token,required=true true", "not found"),
        ("RUN --mount=type=ssh,required=true true", "ssh"),
    ],
    ids=["B13 the host's network", "B13 without limits", "B14 a secret", "B14 an ssh key"],
)
def test_a_build_is_given_nothing_that_nobody_granted(make: Callable[..., Build], line: str, sign: str) -> None:
    result = make(line)
    assert not result.image
    assert sign in result.words


def test_b15_nothing_of_the_graders_environment_is_in_a_build(make: Callable[..., Build], engine: Engine) -> None:
    result = make(fresh("env; ls -A /run/secrets /root/.docker 2>&1; false"))
    assert PASSWORD not in result.failed.text + result.words
    image = make("RUN true").image
    assert PASSWORD not in json.dumps([engine.client.api.history(image), inspect(engine, image)])


ALLOCATE = "python -c 'x = bytearray({size} << 20)'"


@pytest.mark.parametrize(
    ("command", "code"),
    [(ALLOCATE.format(size=3000), "137"), (f"({ALLOCATE.format(size=3000)}) || exit 3", "3")],
    ids=["the step itself", "a process of the step"],
)
def test_b06_memory_is_limited_and_a_neighbor_is_not_harmed(
    make: Callable[..., Build], engine: Engine, tmp_path: Path, command: str, code: str
) -> None:
    with ThreadPoolExecutor() as pool, open_ledger(engine) as other:
        lines = fresh(f"{ALLOCATE.format(size=300)} && sleep 1.5 && {ALLOCATE.format(size=300)}")
        beside = pool.submit(built, engine, other, tmp_path / "beside", lines)
        result = make(fresh(command))
        assert beside.result().image
    assert (result.exit_code, result.out_of_memory) == (code, True)
    assert not beside.result().out_of_memory


def test_b06_a_failure_for_another_reason_is_not_called_that(make: Callable[..., Build]) -> None:
    result = make(fresh(f"{ALLOCATE.format(size=300)}; exit 137"))
    assert (result.exit_code, result.out_of_memory) == ("137", False)


def test_b06_the_limit_is_that_of_all_steps_together(make: Callable[..., Build]) -> None:
    stages = "".join(
        f"FROM {BASE} AS s{number}\n{fresh('x')[:-1]} python -c 'x = bytearray(600 << 20); import time; time.sleep(2)' "
        f"&& touch /{number}\n"
        for number in range(3)
    )
    copies = "".join(f"COPY --from=s{number} /{number} /\n" for number in range(3))
    result = make(f"{stages}FROM {BASE}\n{copies}")
    assert not result.image
    assert result.out_of_memory


FORKS = (
    "import os, time\n"
    "count = 0\n"
    "try:\n"
    "    while count < 5000:\n"
    "        if not os.fork():\n"
    "            time.sleep(60)\n"
    "            os._exit(0)\n"
    "        count += 1\n"
    "except BlockingIOError:\n"
    "    pass\n"
    "print('forks', count, flush=True)\n"
)
BOMB = "import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass\n"


def test_b07_processes_are_limited_and_a_neighbor_is_not_harmed(
    make: Callable[..., Build], engine: Engine, tmp_path: Path
) -> None:
    with ThreadPoolExecutor() as pool, open_ledger(engine) as other:
        beside = pool.submit(built, engine, other, tmp_path / "beside", fresh("sleep 1; for i in 1 2 3; do id; done"))
        script = f"COPY <<EOF /forks.py\n{FORKS}EOF\n"
        result = make(f"{script}{fresh('python /forks.py; exit 9')}")
        assert beside.result().image
    assert result.exit_code == "9"
    count = int(result.failed.text.split("forks ")[1].split()[0])
    assert 100 < count <= cgroupfs.PIDS


def running(mark: str) -> list[str]:
    """The processes of this machine in whose command the mark stands."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if mark.encode() in path.read_bytes():
                found.append(path.parent.name)
    return found


def test_b07_b09_a_fork_bomb_that_outlives_its_build_is_ended_with_the_run(engine: Engine, tmp_path: Path) -> None:
    mark = f"/bomb-{time.time_ns()}.py"
    with open_ledger(engine) as mine:
        lines = f"COPY <<EOF {mark}\n{BOMB}EOF\nRUN python {mark}"
        result = built(engine, mine, tmp_path, lines, timeout=3)
        assert result.timed_out
    await_that(lambda: not running(mark))


def test_b08_one_file_cannot_fill_the_disk(make: Callable[..., Build]) -> None:
    result = make(fresh("truncate -s 3G /x; code=$?; test -e /x && stat -c %s /x; exit $code"))
    assert result.exit_code == "153"


def test_b09_a_build_that_never_ends_and_ignores_sigterm_is_ended(make: Callable[..., Build]) -> None:
    nap = time.time_ns()
    started = time.monotonic()
    result = make(f"RUN trap '' TERM INT HUP; while :; do sleep 0.{nap}; done", timeout=2)
    assert result.timed_out
    assert time.monotonic() - started < 20
    await_that(lambda: not running(str(nap)))


def test_b10_a_flood_of_output_is_bounded(make: Callable[..., Build]) -> None:
    result = make(fresh("yes flood | head -c 50000000; exit 7"))
    assert result.exit_code == "7"
    assert sum(len(step.log) for step in result.steps) < 200_000


def test_b11_no_line_of_output_is_taken_for_the_engines(make: Callable[..., Build]) -> None:
    words = '#9 CACHED\\nSuccessfully built deadbeef\\nERROR: failed to solve: denied by policy\\n{"vertexes":[]}'
    result = make(fresh(f"printf '%b' '{words}'"))
    (step,) = (step for step in result.steps if "RUN" in step.name)
    assert result.image
    assert (step.cached, step.error) == (False, "")


@pytest.mark.parametrize("target", ["/etc/hostname", "../../../../../../../etc/hostname"], ids=["absolute", "upwards"])
def test_b19_a_link_in_the_context_leads_nowhere(make: Callable[..., Build], tmp_path: Path, target: str) -> None:
    context = tmp_path / "context"
    context.mkdir()
    (context / "link").symlink_to(target)
    result = make("COPY link /x\n" + fresh("cat /x; exit 5"))
    assert not result.image
    assert Path("/etc/hostname").read_text().strip() not in (result.failed.text if result.failed else "")


@pytest.mark.parametrize(
    "command",
    [
        "mount -t tmpfs none /mnt",
        "echo 1 > /proc/sys/vm/overcommit_memory",
        "echo c > /proc/sysrq-trigger",
        "ls /dev/sda /dev/vda",
    ],
    ids=["mount", "sysctl", "sysrq", "disks"],
)
def test_a_step_of_a_build_cannot_touch_this_machine(make: Callable[..., Build], command: str) -> None:
    assert make(fresh(f"{command} && exit 77; exit 5")).exit_code == "5"


def test_where_the_kernel_is_out_of_reach_a_container_of_ours_limits_builds(
    make: Callable[..., Build], engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not nearness.shares(engine, "cgroup"):
        pytest.skip("the limits cannot be looked at from here")
    monkeypatch.setattr(cgroup, "shares", lambda engine, space: False)
    monkeypatch.setattr(slots, "NAME", "shipshape-test-")
    monkeypatch.setattr(slots, "COUNT", 2)
    try:
        with open_ledger(engine) as first, open_ledger(engine) as second, open_ledger(engine) as third:
            for mine in (first, second, third):
                assert built(engine, mine, tmp_path, "RUN true").image
            assert not built(engine, first, tmp_path, fresh(ALLOCATE.format(size=3000))).image
            held = [(mine.folder / cgroup.HELD).read_text().strip() for mine in (first, second, third)]
            assert held == ["shipshape-test-0", "shipshape-test-1", ""]
        with open_ledger(engine) as again:
            await_that(lambda: not list((Path(os.environ["XDG_STATE_HOME"]) / "shipshape/cgroups").glob("*test-?")))
            assert built(engine, again, tmp_path, "RUN true").image
            assert (again.folder / cgroup.HELD).read_text() == "shipshape-test-0\n"
    finally:
        await_that(lambda: all(map(gone, ["shipshape-test-0", "shipshape-test-1"])))


def gone(name: str) -> bool:
    cgroupfs.remove(name)
    return not list(cgroupfs.ROOT.glob(f"**/{name}"))


@pytest.mark.parametrize("why", ["no privilege", "no default network"])
def test_an_engine_that_lets_us_limit_nothing_builds_all_the_same(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    def refuse(*args: Any, **options: Any) -> str:
        raise EngineFault(why)

    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr(cgroup, "shares", lambda engine, space: False)
    monkeypatch.setattr(slots, "_run" if why == "no privilege" else "_start", refuse)
    with open_ledger(engine) as mine:
        assert built(engine, mine, tmp_path / "context", "RUN true").image
        assert (mine.folder / cgroup.HELD).read_text() == "\n"


def await_that(holds: Callable[[], bool], timeout: float = 20) -> None:
    """Poll until it holds."""
    deadline = time.monotonic() + timeout
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


# What a container tries by itself: each line of the table is one attack, and Python that prints what came of it.
ATTACKS = {
    "R01 mount": "libc.mount(b'none', b'/mnt', b'tmpfs', 0, 0) and os.strerror(ctypes.get_errno())",
    "R01 device": "os.mknod('/tmp/disk', 0o60600, os.makedev(8, 0))",
    "R01 chroot": "os.chroot('/tmp')",
    "R01 name space": "libc.unshare(0x10000000) and os.strerror(ctypes.get_errno())",
    "R01 clock": "time.clock_settime(time.CLOCK_REALTIME, 0)",
    "R01 sysctl": "open('/proc/sys/vm/overcommit_memory', 'w')",
    "R01 trigger": "open('/proc/sysrq-trigger', 'w')",
    "R01 cgroup": "pathlib.Path('/sys/fs/cgroup/memory/memory.limit_in_bytes').write_text('-1')",
    "R01 disk": "open('/dev/sda', 'rb') if os.path.exists('/dev/sda') else open('/dev/vda', 'rb')",
    "R08 setuid program": "subprocess.run(['/suid', '-c', 'import os; print(os.geteuid())'], user=1000, check=True)",
    "R10 raw socket": "socket.socket(socket.AF_PACKET, socket.SOCK_RAW)",
    "R10 icmp": "socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)",
    "R11 this machine by its bridge": "connect({gateway!r}, {port})",
    "R11 this machine's loopback": "connect('127.0.0.1', {port})",
    "R12 metadata": "connect('169.254.169.254', 80)",
    "R12 internet": "connect('1.1.1.1', 53)",
    "R13 names": "socket.getaddrinfo('example.com', 80)",
    "R14 engine": "connect_unix('/var/run/docker.sock')",
    "R19 another run": "connect({other!r}, 5000)",
}
EXPECTED = {  # the others are refused with an OSError
    "R08 setuid program": "1000",
}
PROBE = """\
import ctypes, json, os, pathlib, resource, socket, subprocess, time
libc = ctypes.CDLL(None, use_errno=True)
def connect(host, port):
    socket.create_connection((host, port), 2).close()
def connect_unix(path):
    socket.socket(socket.AF_UNIX).connect(path)
found = {}
for name, code in json.load(open("/attacks.json")).items():
    try:
        if "setuid" in name:
            code = code.replace("check=True", "check=True, capture_output=True")
            result = eval(code).stdout.decode().strip()
        else:
            result = eval(code)
            result = "done" if result is None or not isinstance(result, str) else f"refused: {result}"
    except (OSError, subprocess.SubprocessError) as error:
        result = f"refused: {error}"
    found[name] = result
found["R07 open files"] = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
found["R07 core dumps"] = resource.getrlimit(resource.RLIMIT_CORE)[1]
found["R08 no new privileges"] = [l.split()[1] for l in open("/proc/self/status") if l.startswith("NoNewPrivs")][0]
found["IPv6"] = [l.split()[-1] for l in open("/proc/net/if_inet6")] if os.path.exists("/proc/net/if_inet6") else []
found["environment"] = dict(os.environ)
found["mounts"] = open("/proc/mounts").read()
print(json.dumps(found), flush=True)
time.sleep(600)
"""


@pytest.fixture(scope="module")
def closed() -> None:
    """The firewall as `make doctor` closes it."""
    if os.geteuid() != 0 or not firewall.available():
        pytest.skip("the firewall is closed by root, with iptables")
    refusal = firewall.close()
    assert refusal == ""


@pytest.fixture(scope="module")
def found(
    engine: Engine, lease: Lease, tmp_path_factory: pytest.TempPathFactory, closed: None
) -> Iterator[dict[str, Any]]:
    """What a container found out that tried everything, beside another run's container and a port of this machine."""
    context = tmp_path_factory.mktemp("probe")
    (context / "probe.py").write_text(PROBE)
    with socket.create_server(("0.0.0.0", 0)) as server, open_ledger(engine) as neighbor:  # noqa: S104 -- the target
        serve = 'CMD ["python", "-m", "http.server", "5000"]'
        other = Single(
            engine=engine, lease=neighbor, port=5000, memory=64, image=image_of(engine, neighbor, context, serve)
        )
        assert other.up(Deadline(20)) is None
        facts = {
            "gateway": gateway_of(engine, lease.network.result()),
            "port": server.getsockname()[1],
            "other": other.containers[""].state().address,
        }
        attacks = {name: code.format(**facts) for name, code in ATTACKS.items()}
        (context / "attacks.json").write_text(json.dumps(attacks))
        lines = "COPY attacks.json probe.py /\nRUN cp /usr/bin/python3* /suid 2>/dev/null || cp $(readlink -f "
        lines += '$(command -v python)) /suid; chmod 4755 /suid\nCMD ["python", "/probe.py"]'
        own = Single(engine=engine, lease=lease, port=5000, memory=64, image=image_of(engine, lease, context, lines))
        assert own.up(Deadline(20)) is None
        await_that(lambda: "environment" in own.containers[""].logs() or not own.containers[""].state().running, 60)
        yield json.loads(own.containers[""].printed().stdout)
        own.down(data=True)
        other.down(data=True)


def image_of(engine: Engine, lease: Lease, context: Path, lines: str) -> str:
    image = built(engine, lease, context, lines).image
    assert image
    return image


def gateway_of(engine: Engine, network: str) -> str:
    """This machine's own address on a network: the first of the block."""
    block = engine.client.api.inspect_network(network)["IPAM"]["Config"][0]
    return str(block.get("Gateway") or ipaddress.ip_network(block["Subnet"])[1])


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_container_gets_nowhere(found: dict[str, Any], attack: str) -> None:
    assert found[attack] == EXPECTED[attack] if attack in EXPECTED else found[attack].startswith("refused: ")


def test_a_container_is_bare(found: dict[str, Any]) -> None:
    assert (found["R07 open files"], found["R07 core dumps"]) == (4096, 0)
    assert found["R08 no new privileges"] == "1"
    assert set(found["IPv6"]) <= {"lo"}  # else it would have a way to this machine that no rule of ours is about
    assert PASSWORD not in json.dumps(found["environment"])
    assert "docker.sock" not in found["mounts"]


def test_r11_the_attempt_would_have_come_through_without_the_firewall(
    engine: Engine, lease: Lease, found: dict[str, Any]
) -> None:
    assert "Connection refused" in found["R11 this machine by its bridge"]
    assert firewall.closed()
    rule = engine.client.api.inspect_network(lease.network.result())["Options"]["com.docker.network.bridge.name"]
    assert rule.startswith("shp-")


@pytest.fixture
def start(engine: Engine, lease: Lease, tmp_path: Path) -> Iterator[Callable[..., Container]]:
    """Build an image on the base and start it."""
    begun: list[Single] = []

    def begin(lines: str, *, memory: int = 64) -> Container:
        image = image_of(engine, lease, tmp_path / "context", lines)
        single = Single(engine=engine, lease=lease, image=image, port=5000, memory=memory)
        begun.append(single)
        assert single.up(Deadline(20)) is None
        return single.containers[""]

    yield begin
    for single in begun:
        single.down(data=True)


def ended(container: Container) -> str:
    await_that(lambda: not container.state().running, 30)
    return container.logs()


def test_r02_processes_are_limited(start: Callable[..., Container]) -> None:
    printed = ended(start(f'COPY <<EOF /forks.py\n{FORKS}EOF\nCMD ["python", "/forks.py"]', memory=512))
    assert 100 < int(printed.split("forks ")[1].split()[0]) <= 256


@pytest.mark.parametrize(
    "command",
    ["x = bytearray(400 << 20)", "open('/dev/shm/x', 'wb').write(bytes(30 << 20)); x = bytearray(45 << 20)"],
    ids=["heap", "shared memory"],
)
def test_r03_memory_is_limited(start: Callable[..., Container], command: str) -> None:
    container = start(f'CMD ["python", "-c", "{command}"]')
    ended(container)
    assert container.state().out_of_memory


def test_r04_one_core_is_all(start: Callable[..., Container], engine: Engine) -> None:
    container = start('CMD ["sleep", "60"]')
    settings = engine.client.api.inspect_container(container.id)["HostConfig"]
    assert settings["NanoCpus"] == 1_000_000_000
    assert settings["RestartPolicy"]["Name"] == "no"  # R16
    assert not settings["PortBindings"]  # R19


def test_r06_a_flood_of_output_is_bounded(start: Callable[..., Container], engine: Engine) -> None:
    container = start('CMD ["sh", "-c", "yes flood | head -c 6000000; echo the end"]')
    printed = ended(container)
    assert printed.endswith("the end\n")
    assert len(printed) <= 64_000
    kept = b"".join(engine.client.api.logs(container.id, stream=True))
    assert len(kept) < 4_000_000


@pytest.mark.parametrize(
    "lines",
    [
        'CMD ["sh", "-c", "trap \'\' TERM; while :; do sleep 1; done"]',
        'STOPSIGNAL SIGCONT\nCMD ["sleep", "600"]',
        'STOPSIGNAL SIGRTMAX-3\nCMD ["sleep", "600"]',
    ],
    ids=["R15 ignored", "B28 a signal that ends nothing", "B28 an odd signal"],
)
def test_a_container_that_does_not_want_to_stop_is_stopped(start: Callable[..., Container], lines: str) -> None:
    started = time.monotonic()
    stopped = start(lines).stop(Deadline(0.5))
    assert stopped.killed
    assert time.monotonic() - started < 30


def test_b26_thousands_of_exposed_ports_publish_nothing(start: Callable[..., Container], engine: Engine) -> None:
    container = start('EXPOSE 1-20000\nCMD ["sleep", "60"]')
    ports = engine.client.api.inspect_container(container.id)["NetworkSettings"]["Ports"] or {}
    assert not any(ports.values())


def test_b27_labels_of_a_students_own_are_nobodys(make: Callable[..., Build], engine: Engine) -> None:
    image = make(f"LABEL {RUN}0000000000000000=x com.docker.compose.project=x org.testcontainers=true").image
    with open_ledger(engine) as other:
        assert other.label not in (inspect(engine, image) or {})["Config"]["Labels"]
    assert inspect(engine, image) is not None


def test_b28_health_checks_and_volumes_of_the_image_cost_nothing(
    start: Callable[..., Container], engine: Engine
) -> None:
    before = {volume["Name"] for volume in engine.client.api.volumes()["Volumes"] or ()}
    container = start('VOLUME /a /b\nHEALTHCHECK --interval=1s CMD yes > /dev/null\nCMD ["sleep", "60"]')
    details = engine.client.api.inspect_container(container.id)
    assert "Health" not in details["State"]
    made = {mount["Name"] for mount in details["Mounts"]}
    assert len(made) == 2
    container.remove()
    assert not made & {volume["Name"] for volume in engine.client.api.volumes()["Volumes"] or ()}
    assert not made & before


def test_r18_a_sweep_leaves_what_the_living_have(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    with open_ledger(engine) as living:
        image = image_of(engine, living, tmp_path / "context", 'CMD ["sleep", "60"]')
        with open_ledger(engine):
            assert inspect(engine, image) is not None
            assert engine.client.api.networks(ids=[living.network.result()])


def test_r21_more_networks_than_the_engines_own_pools_hold(engine: Engine, lease: Lease) -> None:
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda number: make_network(engine, lease.label), range(33)))
    try:
        assert len(set(made)) == 33
    finally:
        for each in made:
            engine.client.api.remove_network(each)
