"""The seam to Docker, on a real engine: builds, containers, sockets, and what is left afterwards."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from docker.errors import DockerException

from grader.deadline import Deadline
from grader.engine import Engine, connect
from grader.engine import connection as connection_module
from grader.engine import ledger as ledger_module
from grader.engine import network as network_module
from grader.engine.build import Build, build
from grader.engine.container import Container
from grader.engine.image import facts_of, inspect
from grader.engine.labels import RUN
from grader.engine.ledger import Lease, open_ledger, remove_all
from grader.engine.single import Single
from grader.engine.sockets import listening, parse
from grader.errors import EngineFault, PassingFault
from tests.conftest import ROOT

pytestmark = pytest.mark.docker

BASE = "python:3.13-slim"


@pytest.fixture
def lease(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lease]:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    with open_ledger(engine) as lease:
        yield lease


@pytest.fixture
def label(lease: Lease) -> str:
    return lease.label


@pytest.fixture
def make(engine: Engine, lease: Lease, tmp_path: Path) -> Callable[..., Build]:
    """Build a Dockerfile of the test's own."""

    def make(dockerfile: str, **options: Any) -> Build:
        context = tmp_path / "context"
        context.mkdir(exist_ok=True)
        (context / "Dockerfile").write_text(dockerfile)
        settings = {"label": lease.label, "folder": lease.folder, "cache": "one", "bases": [BASE], "timeout": 120}
        settings |= {"progress": lambda step: None}
        return build(engine, context, **(settings | options))

    return make


def ours(engine: Engine, label: str = "") -> list[str]:
    """Everything on the engine that carries a run's label: of that run, or of any."""
    api = engine.client.api
    found = [*api.containers(all=True), *api.networks(), *api.images(all=True), *(api.volumes()["Volumes"] or ())]
    wanted = label or RUN
    return [str(each.get("Id") or each["Name"]) for each in found if wanted in str(each.get("Labels"))]


def test_a_step_that_was_cached_says_so_and_cannot_be_faked(make: Callable[..., Build]) -> None:
    lines = f"FROM {BASE}\nRUN echo '#5 CACHED'; echo {time.time_ns()}\n"
    first, second = make(lines), make(lines)
    assert [step.cached for step in first.steps if step.name.startswith("[2/2]")] == [False]
    assert [step.cached for step in second.steps if step.name.startswith("[2/2]")] == [True]


@pytest.mark.parametrize(
    ("line", "sign"),
    [
        ("COPY --from=debian:trixie-slim /etc/hostname /x", "denied by policy"),
        ("ADD http://127.0.0.1:1/x /x", "denied by policy"),
        ("ADD https://github.com/a/b.git /x", "denied by policy"),
        ("RUN --mount=type=bind,from=debian:trixie-slim,target=/x ls /x", "denied by policy"),
        ("RUN --network=host true", "not allowed"),
        ("RUN --mount=type=secret,id=a,required=true true", "not found"),
    ],
    ids=["another image", "a url", "a git repository", "a mount of another image", "the host's network", "a secret"],
)
def test_a_build_takes_nothing_but_its_context_and_its_bases(make: Callable[..., Build], line: str, sign: str) -> None:
    built = make(f"FROM {BASE}\n{line}\n")
    assert not built.image
    assert sign in built.words


@pytest.mark.parametrize(
    "head",
    ["# syntax=evil/frontend:1\n", "#syntax = evil/frontend\n", "# escape=\\\n# syntax=evil/frontend\n"],
    ids=["usual", "spaced", "after another directive"],
)
def test_a_foreign_frontend_is_not_run(make: Callable[..., Build], head: str) -> None:
    assert make(f"{head}FROM {BASE}\nRUN true\n").image


def test_a_build_that_never_ends_is_ended(make: Callable[..., Build]) -> None:
    built = make(f"FROM {BASE}\nRUN sleep 600\n", timeout=2)
    assert built.timed_out
    assert not built.image


def test_the_engine_going_away_is_no_fault_of_the_dockerfile(
    make: Callable[..., Build], monkeypatch: pytest.MonkeyPatch, engine: Engine
) -> None:
    monkeypatch.setattr(engine.command, "host", "unix:///nowhere/docker.sock")
    with pytest.raises(EngineFault, match=r"the build was broken by the engine: .*docker\.sock"):
        make(f"FROM {BASE}\n")


def test_a_command_of_the_base_image_is_known_as_such(make: Callable[..., Build], engine: Engine) -> None:
    inherited = facts_of(engine, make(f"FROM {BASE}\nRUN true\n").image, [BASE])
    own = facts_of(engine, make(f'FROM {BASE}\nUSER nobody\nEXPOSE 80\nCMD ["sh"]\n').image, [BASE])
    assert (inherited.inherited, own.inherited) == (True, False)
    assert (own.command, own.user, own.ports) == (("sh",), "nobody", ("80/tcp",))


@pytest.fixture
def run(engine: Engine, lease: Lease, make: Callable[..., Build]) -> Iterator[Callable[[str], Container]]:
    """Build an image with one command and start it, on a target without a way out."""
    started = []

    def start(dockerfile: str, *, memory: int = 128) -> Container:
        image = make(f"FROM {BASE}\n{dockerfile}\n").image
        single = Single(engine=engine, lease=lease, image=image, port=5000, memory=memory)
        started.append(single)
        assert single.up(Deadline(10)) is None
        return single.containers[""]

    yield start
    for single in started:
        single.down(data=True)


def ended(container: Container) -> str:
    """What it printed, once it has ended."""
    while container.state().running:
        time.sleep(0.05)
    return container.logs()


def test_a_container_can_do_little_harm(run: Callable[[str], Container]) -> None:
    script = (
        "import socket, os, pathlib\n"
        "status = pathlib.Path('/proc/self/status').read_text()\n"
        "print([line for line in status.splitlines() if line.startswith(('CapEff', 'NoNewPrivs'))])\n"
        "try:\n    socket.create_connection(('1.1.1.1', 53), 2)\n    print('a way out')\n"
        "except OSError as error:\n    print('no way out:', error.strerror)\n"
        "try:\n    socket.socket(socket.AF_PACKET, socket.SOCK_RAW)\n    print('raw sockets')\n"
        "except PermissionError:\n    print('no raw sockets')\n"
    )
    printed = ended(run(f'COPY <<EOF /try.py\n{script}EOF\nCMD ["python", "/try.py"]'))
    assert "NoNewPrivs:\\t1" in printed
    assert "no way out" in printed
    assert "no raw sockets" in printed


def test_memory_is_bounded(run: Callable[..., Container]) -> None:
    container = run('CMD ["python", "-c", "x = bytearray(400_000_000); x[::4096] = x[::4096]"]', memory=64)
    ended(container)
    assert container.state().out_of_memory


def test_a_flood_of_output_is_bounded(run: Callable[[str], Container]) -> None:
    container = run('CMD ["sh", "-c", "yes flood | head -c 30000000; echo the end"]')
    printed = ended(container)
    assert printed.endswith("the end\n")
    assert len(printed) <= 64_000


@pytest.mark.parametrize(
    ("command", "code", "killed"),
    [
        ('["sh", "-c", "trap \'exit 0\' TERM; while :; do sleep 0.1; done"]', 0, False),
        ('["sh", "-c", "trap \'exit 137\' TERM; while :; do sleep 0.1; done"]', 137, False),
        ('["sleep", "600"]', 137, True),
    ],
    ids=["ends on SIGTERM", "ends with the code of a kill", "ignores SIGTERM"],
)
def test_a_kill_is_told_from_an_end_of_its_own(
    run: Callable[[str], Container], command: str, code: int, killed: bool
) -> None:
    stopped = run(f"CMD {command}").stop(Deadline(1.0))
    assert (stopped.exit_code, stopped.killed) == (code, killed)


def test_the_stop_signal_of_the_image_is_the_one_that_is_sent(run: Callable[[str], Container]) -> None:
    container = run('STOPSIGNAL SIGINT\nCMD ["sh", "-c", "trap \'exit 7\' INT; while :; do sleep 0.1; done"]')
    assert container.stop(Deadline(5.0)).exit_code == 7


def test_sockets_are_read_from_outside(engine: Engine, run: Callable[[str], Container], label: str) -> None:
    program = (
        "import socket, time; a = socket.create_server(('127.0.0.1', 5000)); "
        "b = socket.create_server(('0.0.0.0', 8000)); print('up', flush=True); time.sleep(600)"
    )
    container = run(f'CMD ["python", "-c", "{program}"]')
    while "up" not in container.logs():
        time.sleep(0.05)
    found = listening(engine, container=container.id, image=BASE, label=label)
    assert found == ("0.0.0.0:8000", "127.0.0.1:5000")


def test_the_kernels_table_is_read() -> None:
    table = (
        "  sl  local_address rem_address   st tx_queue\n"
        "   0: 0100007F:1388 00000000:0000 0A 00000000:00000000\n"
        "   1: 0B00007F:A1B2 00000000:0000 0A 00000000:00000000\n"
        "   2: 0100007F:1F90 0100007F:D431 01 00000000:00000000\n"
        "   3: 00000000000000000000000000000000:0050 0000:0000 0A 0:0\n"
        "   4: 00000000000000000000000001000000:0051 0000:0000 0A 0:0\n"
    )
    assert parse(table) == ("127.0.0.1:5000", "[::1]:81", "[::]:80")


def test_a_block_of_addresses_that_is_taken_is_passed_over(
    engine: Engine, lease: Lease, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert lease.network.result()
    draws = iter([1, 1, 1, 1, 2, 2])
    monkeypatch.setattr(network_module.secrets, "randbelow", lambda bound: next(draws))
    first, second = (network_module.make_network(engine, lease.label) for _ in range(2))
    assert first != second


def test_nothing_is_left_of_a_run(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    (tmp_path / "Dockerfile").write_text(f'FROM {BASE}\nVOLUME /data\nCMD ["sleep", "600"]\n')
    own = connect()
    with contextlib.suppress(KeyboardInterrupt), open_ledger(own) as lease:
        options = {"label": lease.label, "folder": lease.folder, "cache": "one", "bases": [BASE], "timeout": 60}
        built = build(own, tmp_path, progress=lambda step: None, **options)
        Single(engine=own, lease=lease, image=built.image, port=1, memory=64).up(Deadline(10))
        assert len(ours(engine, lease.label)) == 3
        raise KeyboardInterrupt
    own.close()
    assert ours(engine, lease.label) == []
    assert inspect(engine, built.image) is None
    # It was broken off: its label is looked for once more, later.
    assert [each.suffix for each in (tmp_path / "shipshape" / "runs").iterdir()] == [".dead"]


def test_a_network_that_the_engine_was_too_busy_to_own_up_to_is_looked_for_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(engine: Engine, label: str) -> str:
        network_module.make_network(engine, label)
        raise PassingFault("making a network failed: the engine did not answer")

    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setattr(ledger_module, "make_network", late)
    with contextlib.closing(connect()) as own, open_ledger(own):
        pass
    assert [each.suffix for each in (tmp_path / "shipshape" / "runs").iterdir()] == [".dead"]


def test_a_students_label_does_not_make_an_image_ours(
    engine: Engine, make: Callable[..., Build], label: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = make(f"FROM {BASE}\nLABEL {RUN}0000000000000000=x shipshape.run=x\n")
    with open_ledger(engine):
        pass
    assert inspect(engine, built.image) is not None


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 130), (signal.SIGKILL, -9)], ids=["^C", "TERM", "KILL"]
)
def test_a_grading_that_is_stopped_leaves_nothing(engine: Engine, tmp_path: Path, number: int, code: int) -> None:
    state = {**os.environ, "XDG_STATE_HOME": str(tmp_path / "state")}
    submission = tmp_path / "submission"
    submission.mkdir()
    (submission / "app.py").write_text("")
    (submission / "requirements.txt").write_text("")
    (submission / "Dockerfile").write_text(f'FROM {BASE}\nCMD ["sleep", "600"]\n')
    command = [sys.executable, "-m", "grader", "grade", "01-hello"]
    process = subprocess.Popen([*command, str(submission)], cwd=ROOT, env=state, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith("starting"):
            break
    (ledger,) = (tmp_path / "state" / "shipshape" / "runs").glob(f"{RUN}*.run")
    label = ledger.name.removesuffix(".run")
    while len(ours(engine, label)) < 3:
        time.sleep(0.05)
    process.send_signal(number)
    process.communicate(timeout=60)
    assert process.returncode == code
    if number == signal.SIGKILL:  # nobody could clean up: the next run does
        assert ours(engine, label)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
            with contextlib.closing(connect()) as other, open_ledger(other):
                assert ours(engine, label) == []
    assert ours(engine, label) == []
    assert not ledger.with_suffix("").exists()
    # What nobody canceled may still come: the label is looked for once more, later.
    assert not ledger.exists()
    assert ledger.with_suffix(".dead").exists()


def test_no_engine_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")
    with pytest.raises(EngineFault) as caught:
        connect()
    assert str(caught.value) == (
        "no container engine answers at unix:///nowhere/docker.sock: start it, or run `make doctor`"
    )


def test_a_command_that_hangs_is_killed(engine: Engine) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        host = f"tcp://127.0.0.1:{deaf.getsockname()[1]}"
        from grader.engine.command import Command

        command = Command(host)
        with pytest.raises(EngineFault, match=r"`docker version` did not end within 0\.5 s"):
            command.run("version", deadline=Deadline(0.5))


def test_a_plugin_that_is_not_where_packages_put_it_is_left_to_docker(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert engine.command.run("buildx", "version", deadline=Deadline(30)).stdout.startswith("github.com/docker/buildx")
    monkeypatch.setattr("grader.engine.command.SYSTEM_PLUGINS", ())
    assert engine.command.run("buildx", "version", deadline=Deadline(30)).stdout.startswith("github.com/docker/buildx")


def test_cache_mounts_of_one_submission_are_not_anothers(make: Callable[..., Build]) -> None:
    nonce = time.time_ns()
    mount = "RUN --mount=type=cache,id=pip,target=/c"
    assert make(f"FROM {BASE}\n{mount} echo secret > /c/{nonce}\n", cache="alice").image
    assert make(f"FROM {BASE}\n{mount} test ! -e /c/{nonce}\n", cache="bob").image
    assert make(f"FROM {BASE}\n{mount} test -e /c/{nonce} && : again\n", cache="alice").image


@pytest.mark.parametrize(
    "command",
    ["echo 'connection refused' && exit 1", "echo 'did not complete successfully: x' && exit 3", "pip 'no space left'"],
)
def test_a_step_that_quotes_the_engine_is_still_a_step_that_failed(make: Callable[..., Build], command: str) -> None:
    built = make(f"FROM {BASE}\nRUN {command}\n")
    assert built.exit_code in ("1", "2", "3")


class LosesLayers:
    """A docker command whose engine knows a step that it has lost the layer of."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, ...]] = []

    def start(self, *args: str, env: dict[str, str]) -> subprocess.Popen[bytes]:
        self.asked.append(args)
        words = ["sh", "-c", "echo 'ERROR: failed to solve: layer does not exist' >&2; exit 1"]
        return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)


def test_a_step_whose_layer_the_engine_lost_is_built_anew(engine: Engine, lease: Lease, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(f"FROM {BASE}\nRUN true\n")
    lost = LosesLayers()
    options: dict[str, Any] = {"label": lease.label, "folder": lease.folder, "cache": "one", "bases": [BASE]}
    with pytest.raises(PassingFault, match="the build was broken by the engine: layer does not exist"):
        build(replace(engine, command=lost), tmp_path, timeout=60, progress=lambda step: None, **options)
    first, second = lost.asked
    assert second == (*first[:-1], "--no-cache", first[-1])


def test_an_image_that_vanished_is_a_fault(engine: Engine) -> None:
    with pytest.raises(EngineFault, match="the image is gone"):
        facts_of(engine, f"sha256:{'0' * 64}", [BASE])


def test_one_thing_that_cannot_be_removed_does_not_keep_the_rest(
    engine: Engine, lease: Lease, make: Callable[..., Build], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert make(f"FROM {BASE}\nRUN true\n").image
    assert lease.network.result()
    with monkeypatch.context() as patch:
        patch.setattr(engine.client.api, "remove_network", breaks)
        with pytest.raises(EngineFault, match="removing what a run made failed"):
            remove_all(engine, {lease.label})
    assert len(ours(engine, lease.label)) == 1
    remove_all(engine, {lease.label})
    assert ours(engine, lease.label) == []


def breaks(*args: object) -> None:
    raise DockerException("no")


def test_hanging_up_waits_through_an_impatient_user(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = connect()
    presses = iter([True, True, False])
    wait = connection_module.wait
    monkeypatch.setattr(connection_module, "wait", lambda futures: press() if next(presses) else wait(futures))

    def press() -> None:
        raise KeyboardInterrupt

    work = engine.later(time.sleep, 0.2)
    engine.close()
    assert work.done()
