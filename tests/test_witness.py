"""What the witness sees of an engine that stays, that goes away, and that comes back as if nothing had been."""

import contextlib
import gc
import select
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.engine import Engine, connect, disk
from grader.engine import witness as module
from grader.engine.witness import Witness, witness

pytestmark = [
    pytest.mark.docker,
    # Where nobody listens any more, the SDK leaves it to the garbage collector to close the socket it knocked with.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

IMAGE = "debian:trixie-slim"


@pytest.fixture
def label() -> str:
    return f"shipshape.test.{time.time_ns()}"


@pytest.fixture
def start(engine: Engine, label: str) -> Iterator[Callable[..., str]]:
    """Start a container with one command."""
    api, begun = engine.client.api, []

    def begin(*command: str, mark: str = label) -> str:
        host = api.create_host_config(network_mode="none")
        begun.append(str(api.create_container(IMAGE, command, labels={mark: ""}, host_config=host)["Id"]))
        api.start(begun[-1])
        return begun[-1]

    yield begin
    for container in begun:
        api.remove_container(container, force=True)


class Relay:
    """A way to the real engine that can be cut and mended, as if the engine were restarted."""

    def __init__(self, folder: Path, target: str) -> None:
        self.path, self._target = folder / "relay.sock", target
        self.frozen = False  # takes every question, and passes none on
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []

    def mend(self) -> None:
        self._server = socket.socket(socket.AF_UNIX)
        self._server.bind(str(self.path))
        self._server.listen()
        self._begin(self._accept, self._server)

    def cut(self) -> None:
        """Hang up on everybody, and be gone."""
        self.path.unlink(missing_ok=True)
        for each in (self._server, *self._open):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        for thread in list(self._threads):
            thread.join()
        self._server.close()

    def _accept(self, server: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                self._begin(self._pass_on, server.accept()[0])

    def _pass_on(self, near: socket.socket) -> None:
        with near, socket.socket(socket.AF_UNIX) as far:
            far.connect(self._target)
            self._open |= {near, far}
            ways = {near: far, far: near}
            with contextlib.suppress(OSError):
                while True:
                    for ready in select.select([near, far], [], [])[0]:
                        if not (chunk := ready.recv(65_536)):
                            return
                        if ready is far or not self.frozen:
                            ways[ready].sendall(chunk)

    def _begin(self, work: Callable[[socket.socket], None], end: socket.socket) -> None:
        self._threads.append(threading.Thread(target=work, args=[end], daemon=True))
        self._threads[-1].start()


@pytest.fixture
def relay(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Relay]:
    if not engine.host.startswith("unix://"):
        pytest.skip("the engine is not behind a socket of this machine")
    relay = Relay(tmp_path, engine.host.removeprefix("unix://"))
    relay.mend()
    monkeypatch.setenv("DOCKER_HOST", f"unix://{relay.path}")
    yield relay
    relay.cut()
    gc.collect()  # what the SDK left open must not be found in another test


@pytest.fixture
def relayed(relay: Relay) -> Iterator[Engine]:
    with contextlib.closing(connect()) as engine:
        yield engine


def watchers() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "witness"]


def test_an_engine_that_stays_is_not_broken(engine: Engine, label: str) -> None:
    with witness(engine, label) as seen:
        assert len(watchers()) == 1
        assert [seen.broken() for _ in range(3)] == [False] * 3
    assert watchers() == []


def test_an_engine_that_went_away_is_broken(relay: Relay, relayed: Engine, label: str) -> None:
    with witness(relayed, label) as seen:
        assert not seen.broken()
        relay.cut()
        assert seen.broken()


def test_an_engine_that_went_away_and_came_back_is_broken_still(relay: Relay, relayed: Engine, label: str) -> None:
    with witness(relayed, label) as seen:
        assert not seen.broken()
        relay.cut()
        relay.mend()
        assert relayed.client.ping()
        assert seen.broken()
    with witness(relayed, label) as seen:  # what begins then knows nothing of it
        assert not seen.broken()


def test_an_engine_that_was_gone_from_the_beginning_is_broken(relay: Relay, relayed: Engine, label: str) -> None:
    relay.cut()
    with witness(relayed, label) as seen:
        assert seen.broken()
        assert seen.signals("0" * 64) == 0
    assert watchers() == []


def test_an_engine_whose_stream_holds_and_that_answers_nothing_is_broken(
    relay: Relay, relayed: Engine, label: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.2)
    with witness(relayed, label) as seen:
        assert not seen.broken()
        relay.frozen = True
        assert seen.broken()


def test_a_signal_through_the_engine_is_seen_and_an_end_of_its_own_is_none(
    engine: Engine, label: str, start: Callable[..., str]
) -> None:
    with witness(engine, label) as seen:
        alone, killed, stopped = start("true"), start("sleep", "60"), start("sleep", "60")
        engine.client.api.kill(killed, "SIGKILL")
        engine.client.api.stop(stopped, timeout=0)
        for container in (alone, killed, stopped):
            engine.client.api.wait(container)
        assert [seen.signals(container) > 0 for container in (alone, killed, stopped)] == [False, True, True]
        assert not seen.broken()


def test_another_runs_containers_are_not_seen(engine: Engine, label: str, start: Callable[..., str]) -> None:
    with witness(engine, label) as seen:
        other, own = start("sleep", "60", mark=f"{label}.other"), start("sleep", "60")
        for container in (other, own):
            engine.client.api.kill(container)
            engine.client.api.wait(container)
        assert (seen.signals(own), seen.signals(other)) == (1, 0)


def test_a_stream_that_cannot_be_closed_holds_nobody_up(engine: Engine, label: str) -> None:
    class Endless:
        def close(self) -> None:
            raise AttributeError("no socket here")

    seen = Witness(engine, label)
    seen._stream, seen._open = Endless(), True
    assert not seen.close()


@pytest.mark.parametrize(
    ("free", "said"), [(499_000_000, "499 MB free"), (501_000_000, "")], ids=["below-the-mark", "above"]
)
def test_a_disk_that_is_nearly_full_is_named(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, free: int, said: str
) -> None:
    monkeypatch.setattr(Engine, "info", {"DockerRootDir": str(tmp_path)})
    monkeypatch.setattr(disk.shutil, "disk_usage", lambda path: type("Usage", (), {"free": free}))
    words = disk.short(engine)
    assert said in words
    assert bool(words) is bool(said)
    assert "docker system prune" in words or not said


def test_an_engine_on_another_machine_has_no_disk_of_ours(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Engine, "info", {"DockerRootDir": "/no/such/folder"})
    assert disk.short(engine) == ""
