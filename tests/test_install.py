"""How the engine gets onto a machine: what is decided from what apt says, and what becomes of failures."""

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from grader import daemon, gvisor, host
from grader.engine import firewall
from grader.errors import EngineFault
from grader.install import Done, candidates, complete, install, major, preferences, require
from grader.machine import ADVICE, Machine

DEBIAN_12 = Machine(system="linux", family=("debian",), codename="bookworm", root=True)
DEBIAN_13 = Machine(system="linux", family=("debian",), codename="trixie", root=True)
UBUNTU = Machine(system="linux", family=("ubuntu", "debian"), codename="noble", root=True)

OWN = {
    "bookworm": {"docker.io": "20.10.24+dfsg1-1", "docker-compose": "1.29.2-3", "runc": "1.1.5+ds1-1"},
    "trixie": {
        "docker.io": "26.1.5+dfsg1-9",
        "docker-cli": "26.1.5+dfsg1-9",
        "docker-buildx": "0.13.1+ds1-3",
        "docker-compose": "2.26.1-4",
        "containerd": "1.7.24~ds1-6",
        "runsc": "0.0~20240729.0-4",
        "runc": "1.1.15+ds1-2",
    },
    "noble": {
        "docker.io": "28.2.2-0ubuntu1",
        "docker-buildx": "0.21.3-0ubuntu1",
        "docker-compose": "1.29.2-6",
        "docker-compose-v2": "2.37.1-0ubuntu1",
    },
}


class Apt:
    """An apt that knows what its release has, what the pins lend it, and which lent packages it cannot run."""

    def __init__(self, machine: Machine, folder: Path, *, cannot_run: tuple[str, ...] = ()) -> None:
        self.own = OWN[machine.codename]
        self.pins = folder / "preferences.d" / "shipshape-engine"
        self.sources = folder / "sources.list.d"
        self.cannot_run = cannot_run
        self.commands: list[tuple[str, ...]] = []
        self.pins.parent.mkdir(parents=True)
        self.sources.mkdir()

    def __call__(self, *command: str) -> Done:
        self.commands.append(command)
        if command[0] == "apt-cache":
            return Done(code=0, output="".join(map(self._policy, command[2:])))
        if command[1] == "update" and (self.sources / "shipshape-engine.sources").exists():
            assert "Pin-Priority: -10" in self.pins.read_text()
        broken = [name for name in command[2:] if name in self._lent and name in self.cannot_run]
        return Done(code=100, output=f"{broken} has unmet dependencies") if broken else Done(code=0, output="")

    @property
    def _lent(self) -> list[str]:
        if not self.pins.exists():
            return []
        return self.pins.read_text().split("\n\n")[1].splitlines()[0].removeprefix("Package: ").split()

    def _policy(self, name: str) -> str:
        version = OWN["trixie"].get(name) if name in self._lent else self.own.get(name)
        candidate = version or "(none)"
        known = name in self.own or name in self._lent
        return f"{name}:\n  Installed: (none)\n  Candidate: {candidate}\n  Version table:\n" if known else ""

    @property
    def installed(self) -> tuple[str, ...]:
        return self.commands[-1][4:]


def with_mirror(folder: Path, suites: str = "bookworm bookworm-updates") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sources.list").write_text(
        "".join(f"deb http://mirror.example/debian {suite} main\n" for suite in suites.split())
    )
    return folder


def quiet(message: str) -> None:
    assert message


@pytest.mark.parametrize(
    ("machine", "expected"),
    [
        pytest.param(
            DEBIAN_13,
            ("docker.io", "docker-cli", "docker-buildx", "docker-compose", "containerd", "runsc"),
            id="debian-13",
        ),
        pytest.param(UBUNTU, ("docker.io", "docker-buildx", "docker-compose-v2"), id="ubuntu"),
    ],
)
def test_a_release_with_a_new_engine_installs_its_own(machine, expected, tmp_path):
    apt = Apt(machine, tmp_path)
    install(machine, quiet, run=apt, apt=tmp_path)
    assert apt.installed == expected
    assert not apt.pins.exists()


@pytest.mark.parametrize(
    ("cannot_run", "left_out"),
    [
        pytest.param((), set(), id="all-of-it"),
        pytest.param(("runc",), {"runc"}, id="runc-needs-a-newer-libc"),
        pytest.param(("runc", "containerd"), {"runc", "runsc", "containerd"}, id="containerd-too"),
    ],
)
def test_debian_12_borrows_what_it_can_run(cannot_run, left_out, tmp_path):
    apt = Apt(DEBIAN_12, with_mirror(tmp_path), cannot_run=cannot_run)
    install(DEBIAN_12, quiet, run=apt, apt=tmp_path)
    assert {"docker.io", "docker-buildx", "docker-compose"} <= set(apt.installed)
    assert not left_out & set(apt._lent)
    entry = (tmp_path / "sources.list.d" / "shipshape-engine.sources").read_text()
    assert "URIs: http://mirror.example/debian\nSuites: trixie\n" in entry


def test_what_cannot_be_borrowed_leaves_no_pin_behind(tmp_path):
    apt = Apt(DEBIAN_12, with_mirror(tmp_path), cannot_run=("docker.io",))
    with pytest.raises(EngineFault, match=r"does not go with this release .*unmet dependencies"):
        install(DEBIAN_12, quiet, run=apt, apt=tmp_path)
    assert not apt.pins.exists()
    assert not list(apt.sources.iterdir())


def test_a_debian_without_a_mirror_says_so(tmp_path):
    with pytest.raises(EngineFault, match="no engine 23 or newer with buildx and Compose"):
        install(DEBIAN_12, quiet, run=Apt(DEBIAN_12, tmp_path), apt=tmp_path)


def test_a_failing_apt_is_quoted(tmp_path):
    def failing(*command: str) -> Done:
        return Done(code=100, output="Hit:1 mirror\nE: The repository is not signed.\n")

    with pytest.raises(EngineFault, match=r"`apt-get update` failed: .*is not signed"):
        install(DEBIAN_13, quiet, run=failing, apt=tmp_path)


@pytest.mark.parametrize(
    ("machine", "command"),
    [
        pytest.param(Machine(system="darwin"), ADVICE["darwin"], id="macos"),
        pytest.param(Machine(system="win32"), ADVICE["win32"], id="windows"),
        pytest.param(Machine(system="linux", family=("fedora",), root=True), ADVICE["fedora"], id="fedora"),
        pytest.param(Machine(system="linux", family=("rocky", "rhel", "fedora")), ADVICE["fedora"], id="kin"),
        pytest.param(Machine(system="linux", family=("debian",)), f"sudo {sys.executable}", id="not-root"),
        pytest.param(Machine(system="linux", family=("plan9",)), "https://", id="unknown"),
    ],
)
def test_a_machine_that_is_not_ours_gets_one_command(machine, command):
    with pytest.raises(EngineFault) as caught:
        install(machine, quiet, run=lambda *_: pytest.fail("ran a command"))
    assert command in str(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 4


def test_a_program_that_is_here_is_not_installed():
    require("sh", run=lambda *_: pytest.fail("ran a command"))


@pytest.mark.parametrize(
    ("versions", "expected"),
    [
        pytest.param(OWN["bookworm"], False, id="debian-12"),
        pytest.param(OWN["trixie"], True, id="debian-13"),
        pytest.param(OWN["noble"], True, id="ubuntu"),
        pytest.param({"docker.io": "28.0", "docker-buildx": "1"}, False, id="no-compose"),
        pytest.param({"docker.io": "28.0", "docker-compose": "2.26"}, False, id="no-buildx"),
        pytest.param({}, False, id="nothing"),
    ],
)
def test_complete(versions, expected):
    assert complete(versions) is expected


def test_candidates_leave_out_what_apt_cannot_have():
    policy = (
        "docker.io:\n  Installed: (none)\n  Candidate: 26.1\ndocker-cli:\n  Installed: (none)\n  Candidate: (none)\n"
    )
    assert candidates(lambda *_: Done(code=0, output=policy), ["docker.io", "docker-cli"]) == {"docker.io": "26.1"}


@pytest.mark.parametrize(
    ("version", "expected"), [("26.1.5+dfsg1", 26), ("v2.26.1", 2), ("1:28.2.2-0ubuntu1", 28), ("", 0), ("dev", 0)]
)
def test_major(version, expected):
    assert major(version) == expected


def test_the_pins_lend_nothing_else():
    assert preferences(["docker.io"]).startswith("Package: *\nPin: release n=trixie\nPin-Priority: -10\n")


def test_both_ways_of_writing_sources_are_read(tmp_path):
    folder = tmp_path / "sources.list.d"
    folder.mkdir()
    (folder / "debian.sources").write_text(
        "# a comment\nTypes: deb deb-src\nURIs: http://one.example/debian\nSuites: bookworm bookworm-updates\n"
        "Components: main\n# another\nSigned-By: /usr/share/keyrings/debian.gpg\n\n"
        "Types: deb\nEnabled: no\nURIs: http://off.example/debian\nSuites: bookworm\nComponents: main\n\n"
        "Types: deb\nURIs: http://key.example\nSuites: bookworm\nComponents: main\n"
        "Signed-By:\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n abc\n -----END PGP PUBLIC KEY BLOCK-----\n"
    )
    (tmp_path / "sources.list").write_text(
        "# deb http://gone.example bookworm main\n"
        "deb [arch=amd64 signed-by=/k.gpg] http://two.example/debian bookworm main contrib # here\n"
        "deb-src http://source.example bookworm main\n"
    )
    one, key, two = host.apt_sources(tmp_path)
    assert (one.uri, one.suites) == ("http://one.example/debian", ("bookworm", "bookworm-updates"))
    assert one.signed_by == "/usr/share/keyrings/debian.gpg"
    assert key.signed_by.startswith("-----BEGIN")
    assert "\n abc\n" in key.deb822()
    assert (two.uri, two.components, two.signed_by) == ("http://two.example/debian", ("main", "contrib"), "/k.gpg")


def test_a_newer_suite_comes_from_the_same_mirror_once():
    known = [
        host.Source(uri="http://m.example/debian/", suites=("bookworm", "bookworm-updates"), components=("main",)),
        host.Source(uri="http://m.example/debian", suites=("trixie",), components=("main",)),
        host.Source(uri="http://m.example/security", suites=("bookworm-security",), components=("main",)),
        host.Source(uri="http://vendor.example", suites=("bookworm",), components=("stable",)),
        host.Source(uri="http://vendor.example", suites=("bookworm-pgdg",), components=("main",)),
        host.Source(uri="https://user:secret@m.example", suites=("bookworm",), components=("main",)),
    ]
    found = host.suite_sources(known, "bookworm", "trixie")
    assert [source.suites for source in found] == [("trixie",), ("trixie-updates",), ("trixie-security",)]
    assert {source.uri for source in found} == {"http://m.example/debian/", "http://m.example/security"}


def test_a_daemon_that_ends_is_quoted(tmp_path):
    log = tmp_path / "log"
    log.write_text("words of an earlier start\n")
    with pytest.raises(EngineFault, match=r"ended at once with code 3; its log is .*: no space") as caught:
        daemon.detach(["sh", "-c", "echo no space >&2; exit 3"], log, lambda: False)
    assert "earlier" not in str(caught.value)


def test_a_daemon_knows_nothing_of_the_terminal_it_was_started_from(tmp_path, monkeypatch):
    """`docker top` shows what the daemon's `ps` prints, which would be cut to the width of that terminal."""
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("KEPT", "yes")
    told = tmp_path / "told"
    daemon.detach(["sh", "-c", f"env > {told}.new; mv {told}.new {told}; exec sleep 2"], tmp_path / "log", told.exists)
    lines = told.read_text().splitlines()
    assert "KEPT=yes" in lines
    assert not any(line.startswith("COLUMNS=") for line in lines)


def test_a_daemon_that_never_answers_is_stopped(tmp_path):
    pid = tmp_path / "pid"
    with pytest.raises(EngineFault, match="did not answer within"):
        daemon.detach(["sh", "-c", f"echo $$ > {pid}; exec sleep 60"], tmp_path / "log", lambda: False, timeout=0.5)
    assert not Path("/proc", pid.read_text().strip()).exists()


@pytest.mark.parametrize("init", ["systemd", "init"])
def test_a_service_that_fails_is_quoted(init):
    machine = Machine(system="linux", family=("debian",), root=True, init=init)
    with pytest.raises(EngineFault, match=r"docker.* failed: Unit is masked"):
        daemon.start(machine, quiet, run=lambda *_: Done(code=1, output="Unit is masked"))


class Tables:
    """An iptables that remembers its rules."""

    def __init__(self, refusal: str = "") -> None:
        self.rules: list[tuple[str, ...]] = []
        self.refusal = refusal

    def __call__(self, *command: str) -> Done:
        assert command[:3] == ("iptables", "-w", "5")
        action, rule = command[3], command[4:]
        if self.refusal:
            return Done(code=4, output=f"{self.refusal}\n")
        if action == "-I":
            self.rules.insert(0, rule)
        return Done(code=0 if rule in self.rules else 1, output="")


def test_the_firewall_is_closed_once_and_names_our_bridges_alone():
    tables = Tables()
    assert not firewall.closed(tables)
    assert [firewall.close(tables), firewall.close(tables)] == ["", ""]
    assert firewall.closed(tables)
    (rule,) = tables.rules
    assert rule[:3] == ("INPUT", "-i", "shp-+")
    assert rule[5:7] == ("--ctstate", "NEW")
    assert "-j" in rule


def test_a_firewall_that_may_not_be_closed_says_why():
    assert firewall.close(Tables("iptables: Permission denied (you must be root).")).endswith("(you must be root).")


@pytest.fixture
def engine_process():
    """A process that counts how often it is told to read its configuration again."""
    code = (
        "import signal, sys, time\n"
        "signal.signal(signal.SIGHUP, lambda *_: print('again', flush=True))\n"
        "print('up', flush=True)\n"
        "while True: time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "up\n"
        yield process
        process.kill()


@pytest.mark.parametrize(
    ("before", "kept"),
    [
        pytest.param(None, {}, id="no-file"),
        pytest.param("", {}, id="empty-file"),
        pytest.param('{"log-driver": "local"}', {"log-driver": "local"}, id="other-settings"),
        pytest.param(
            '{"runtimes": {"crun": {"path": "crun"}}}', {"runtimes": {"crun": {"path": "crun"}}}, id="runtimes"
        ),
    ],
)
def test_gvisor_is_registered_beside_what_is_there(before, kept, engine_process, tmp_path):
    file, pid = tmp_path / "docker" / "daemon.json", tmp_path / "pid"
    pid.write_text(str(engine_process.pid))
    if before is not None:
        file.parent.mkdir()
        file.write_text(before)
    told = threading.Event()
    threading.Thread(target=lambda: engine_process.stdout.readline() and told.set(), daemon=True).start()
    gvisor.register(file, pid, told.is_set)
    written = json.loads(file.read_text())
    assert written["runtimes"].pop("runsc")["runtimeArgs"] == ["--platform=systrap", "--network=host"]
    assert written == {"runtimes": {}} | kept
    assert os.listdir(file.parent) == ["daemon.json"]
    assert file.stat().st_mode & 0o777 == 0o644


def test_a_registration_that_the_engine_does_not_take_up_is_undone(engine_process, tmp_path, monkeypatch):
    monkeypatch.setattr(gvisor, "TIMEOUT", 0.2)
    file, pid = tmp_path / "daemon.json", tmp_path / "pid"
    pid.write_text(str(engine_process.pid))
    file.write_text('{"debug": true}')
    file.chmod(0o600)
    with pytest.raises(EngineFault, match="did not take up runsc"):
        gvisor.register(file, pid, lambda: False)
    assert file.read_text() == '{"debug": true}'
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("number", ["", "999999999"], ids=["no-number", "no-such-process"])
def test_an_engine_that_cannot_be_told_keeps_its_configuration(number, tmp_path):
    pid = tmp_path / "pid"
    pid.write_text(number)
    with pytest.raises(EngineFault, match="could not be told of runsc"):
        gvisor.register(tmp_path / "daemon.json", pid, lambda: False)
    assert not (tmp_path / "daemon.json").exists()


@pytest.mark.parametrize("text", ["{", "[]", '{"runtimes": []}'], ids=["not-json", "a-list", "runtimes-a-list"])
def test_a_configuration_that_is_none_is_named_and_left(text, tmp_path):
    file = tmp_path / "daemon.json"
    file.write_text(text)
    with pytest.raises(EngineFault, match=r"daemon\.json is not what the engine reads"):
        gvisor.register(file, tmp_path / "pid", lambda: False)
    assert file.read_text() == text


def test_a_runtime_that_is_known_is_left_as_it_is(tmp_path):
    gvisor.register(tmp_path / "daemon.json", tmp_path / "pid", lambda: True)
    assert not os.listdir(tmp_path)
