"""The doctor's rows: what is seen, what it is called, and the one command beside it."""

import io
import json
import socket
from dataclasses import replace

import pytest
from rich.console import Console

from grader import daemon, doctor, findings, gvisor, images, install
from grader.engine import firewall
from grader.engine import survey as looking
from grader.engine.survey import Survey
from grader.errors import EngineFault
from grader.findings import Row, State
from grader.machine import Machine

DEBIAN = Machine(system="linux", family=("debian",), codename="trixie", root=True)
LAPTOP = Machine(system="linux", family=("debian",), codename="trixie", init="systemd")
WELL = Survey(
    client="/usr/bin/docker",
    version="26.1.5",
    plugins={"buildx": "v0.13.1", "compose": "2.26.1"},
    runtimes=("runc", "runsc"),
    registry="https://registry.example/v1/",
)
ALL_IMAGES = dict.fromkeys(images.catalogue(), False)
REQUIRED = [base.reference for base in images.catalogue().values() if not base.when_needed]
WHEN_NEEDED = [base.reference for base in images.catalogue().values() if base.when_needed]


@pytest.fixture
def machine(monkeypatch):
    """Sets up what the doctor sees."""

    def see(seen, there=ALL_IMAGES, kind=DEBIAN):
        monkeypatch.setattr(doctor, "survey", lambda: seen)
        monkeypatch.setattr(doctor, "images_there", lambda client, references: there)
        monkeypatch.setattr(doctor, "this_machine", lambda: kind)
        monkeypatch.setattr(findings, "_limits_builds", lambda image: True)
        monkeypatch.delenv("DOCKER_HOST", raising=False)

    return see


def rows_by_name(rows):
    return {row.what: row for row in rows}


def test_a_machine_that_is_well(machine):
    machine(WELL)
    rows = doctor.examine(quick=True)
    assert doctor.ready(rows)
    assert [row.what for row in rows] == ["engine", "buildx", "compose", *images.catalogue()]
    assert not any(row.mend for row in rows)


@pytest.mark.parametrize(
    ("seen", "kind", "what", "detail", "mend"),
    [
        pytest.param(
            Survey(silence="there is no docker command on PATH"), DEBIAN, "engine", "no docker command", "make doctor",
            id="nothing-installed",
        ),
        pytest.param(
            Survey(client="d", silence="connect: permission denied"), LAPTOP, "engine", "may not use it", "usermod",
            id="not-in-the-group",
        ),
        pytest.param(
            Survey(client="d", version="20.10.24"), DEBIAN, "engine", "20.10.24 is too old", "make doctor",
            id="old-engine",
        ),
        pytest.param(
            Survey(client="d", version="26", plugins={"compose": "2.1"}), DEBIAN, "buildx", "no `docker buildx`",
            "make doctor", id="no-buildx",
        ),
        pytest.param(
            Survey(client="d", version="26", plugins={"compose": "1.29.2"}), DEBIAN, "compose", "1.29.2 is too old",
            "make doctor", id="old-compose",
        ),
        pytest.param(
            Survey(client="d", silence="refused"), Machine(system="darwin"), "engine", "refused", "open -a Docker",
            id="macos-not-started",
        ),
    ],
)  # fmt: skip
def test_what_is_missing_has_one_command(seen, kind, what, detail, mend, machine):
    machine(seen, kind=kind)
    rows = doctor.examine(quick=True)
    row = rows_by_name(rows)[what]
    assert not doctor.ready(rows)
    assert row.state is State.MISSING
    assert detail in row.detail
    assert mend in row.mend


def test_an_unreachable_docker_host_is_named(machine, monkeypatch):
    machine(Survey(client="d", silence="refused"))
    monkeypatch.setenv("DOCKER_HOST", "tcp://elsewhere:2375")
    row = rows_by_name(doctor.examine(quick=True))["engine"]
    assert "tcp://elsewhere:2375" in row.detail
    assert row.mend == "unset DOCKER_HOST"
    with pytest.raises(EngineFault, match="unset DOCKER_HOST"):
        doctor.fix(print)


def test_a_missing_image_and_a_stand_in(machine):
    first, second = REQUIRED[:2]
    machine(WELL, there={first: True})
    rows = rows_by_name(doctor.examine(quick=True))
    assert rows[first].detail == "a stand-in, built here"
    assert (rows[second].state, rows[second].mend) == (State.MISSING, "make images")


def test_an_image_that_only_some_exercises_need_is_not_missed(machine, monkeypatch):
    machine(WELL, there=dict.fromkeys(REQUIRED, False))
    monkeypatch.setattr(images, "ensure", lambda *args: pytest.fail("fetched an image that nobody asked for"))
    rows = rows_by_name(doctor.fix(print, quick=True))
    assert {rows[each].detail for each in WHEN_NEEDED} == {"not here: fetched when an exercise asks for it"}
    assert all(rows[each].state is State.OK for each in WHEN_NEEDED)


@pytest.mark.parametrize(
    ("free", "state"), [(0.4e9, State.MISSING), (3e9, State.WARN), (50e9, State.OK)], ids=["none", "little", "plenty"]
)
def test_disk(free, state, machine, monkeypatch, tmp_path):
    machine(replace(WELL, data_root=str(tmp_path)))
    monkeypatch.setattr(findings.shutil, "disk_usage", lambda path: type("Usage", (), {"free": free}))
    assert rows_by_name(doctor.examine(quick=True))["disk"].state is state


@pytest.mark.parametrize(
    ("there", "state"), [(ALL_IMAGES, State.OK), ({}, State.WARN)], ids=["nothing-is-needed", "images-are-missing"]
)
def test_a_silent_registry_never_keeps_anybody_from_grading(there, state, machine, monkeypatch):
    def refuse(*args, **kwargs):
        raise OSError("refused")

    monkeypatch.setattr(socket, "create_connection", refuse)
    machine(WELL, there=there)
    assert rows_by_name(doctor.examine())["registry"].state is state


def test_fix_installs_starts_and_supplies(machine, monkeypatch):
    done = []
    seen = iter([Survey(silence="there is no docker command on PATH"), Survey(client="d", silence="refused")])
    machine(WELL)
    monkeypatch.setattr(doctor, "survey", lambda: next(seen, WELL))
    monkeypatch.setattr(install, "install", lambda *args: done.append("install"))
    monkeypatch.setattr(daemon, "start", lambda *args: done.append("start"))
    assert doctor.ready(doctor.fix(print, quick=True))
    assert done == ["install", "start"]


LOCAL = replace(WELL, data_root="/")
NO_GVISOR = replace(WELL, runtimes=("runc",))


@pytest.mark.parametrize(
    ("kind", "there", "closed", "state", "mend", "ours"),
    [
        pytest.param(DEBIAN, True, True, State.OK, "", False, id="closed"),
        pytest.param(DEBIAN, True, False, State.WARN, "make doctor", True, id="open"),
        pytest.param(LAPTOP, True, False, State.WARN, "sudo ", False, id="not-root"),
        pytest.param(DEBIAN, False, False, State.WARN, "apt-get install iptables", False, id="no-iptables"),
    ],
)
def test_whether_containers_are_kept_off_this_machine(kind, there, closed, state, mend, ours, machine, monkeypatch):
    machine(LOCAL, kind=kind)
    monkeypatch.setattr(firewall, "available", lambda: there)
    monkeypatch.setattr(firewall, "closed", lambda: closed)
    row = rows_by_name(doctor.examine())["firewall"]
    assert (row.state, row.ours) == (state, ours)
    assert row.mend.startswith(mend)
    assert doctor.mendable((row,)) is ours


def test_a_machine_apart_has_no_firewall_of_ours(machine):
    machine(WELL, kind=Machine(system="darwin"))
    assert "firewall" not in rows_by_name(doctor.examine())


def test_the_quick_look_of_another_user_does_not_ask_for_root(machine):
    machine(LOCAL, kind=LAPTOP)
    assert "firewall" not in rows_by_name(doctor.examine(quick=True))


@pytest.mark.parametrize("refusal", ["", "you must be root"], ids=["mended", "refused"])
def test_the_quick_fix_closes_the_firewall_and_nothing_else(machine, monkeypatch, refusal):
    state = {"closed": False}

    def close():
        state["closed"] = not refusal
        return refusal

    machine(replace(LOCAL, runtimes=("runc",)))
    monkeypatch.setattr(firewall, "available", lambda: True)
    monkeypatch.setattr(firewall, "closed", lambda: state["closed"])
    monkeypatch.setattr(firewall, "close", close)
    monkeypatch.setattr(gvisor, "register", lambda: pytest.fail("changed the engine's settings"))
    row = rows_by_name(doctor.fix(print, quick=True))["firewall"]
    assert (row.state is State.WARN) is bool(refusal)
    assert not refusal or row.detail == refusal


@pytest.mark.parametrize("refusal", ["", "no such process"], ids=["registered", "refused"])
def test_the_whole_fix_registers_gvisor(machine, monkeypatch, refusal):
    def register():
        if refusal:
            raise EngineFault(refusal)
        machine(WELL)

    machine(NO_GVISOR)
    monkeypatch.setattr(gvisor, "installed", lambda: "/usr/bin/runsc")
    monkeypatch.setattr(gvisor, "register", register)
    row = rows_by_name(doctor.fix(print))["gVisor"]
    assert row.detail == (refusal or "registered as the runtime runsc")
    assert (row.state is State.WARN) is bool(refusal)


@pytest.mark.parametrize(
    ("kind", "path", "mend", "ours"),
    [
        pytest.param(DEBIAN, "/usr/bin/runsc", "make doctor", True, id="installed"),
        pytest.param(LAPTOP, "/usr/bin/runsc", "sudo ", False, id="not-root"),
        pytest.param(DEBIAN, "", "open https://gvisor.dev", False, id="not-installed"),
    ],
)
def test_gvisor_is_optional_and_ours_where_it_is_installed(kind, path, mend, ours, machine, monkeypatch):
    machine(NO_GVISOR, kind=kind)
    monkeypatch.setattr(gvisor, "installed", lambda: path)
    row = rows_by_name(doctor.examine())["gVisor"]
    assert (row.state, row.ours) == (State.WARN, ours)
    assert row.mend.startswith(mend)


@pytest.mark.parametrize("limited", [True, False], ids=["limited", "not"])
def test_whether_builds_are_limited(limited, machine, monkeypatch):
    machine(WELL)
    monkeypatch.setattr(findings, "_limits_builds", lambda image: limited)
    row = rows_by_name(doctor.examine())["build limits"]
    assert row.state is (State.OK if limited else State.WARN)
    assert not row.mend


@pytest.mark.docker
def test_builds_are_limited_here():
    assert findings._limits_builds(REQUIRED[0])


def test_fix_on_a_machine_that_is_not_ours_names_the_command(machine):
    machine(Survey(silence="there is no docker command on PATH"), kind=Machine(system="darwin"))
    with pytest.raises(EngineFault, match="brew install"):
        doctor.fix(print)


def test_render_puts_the_command_under_what_is_missing():
    out = io.StringIO()
    rows = (
        Row(what="engine", state=State.OK, detail="26 answers"),
        Row(what="disk", state=State.WARN, detail="[3 GB] free", mend="docker system prune"),
    )
    doctor.render(rows, Console(file=out, width=40))
    first, second, third = out.getvalue().splitlines()
    assert first.split() == ["ok", "engine", "26", "answers"]
    assert "[3 GB] free" in second
    assert third.strip() == "mend it: docker system prune"


INFO = {
    "ServerVersion": "26.1.5",
    "ClientInfo": {
        "Plugins": [{"Name": "buildx", "Version": "v0.13"}, {"Name": "compose", "Err": "exec format error"}]
    },
    "Runtimes": {"runc": {}, "runsc": {}},
    "DockerRootDir": "/data",
    "IndexServerAddress": "https://index.example/v1/",
}


def test_the_survey_reads_docker_info():
    seen = looking.read("docker", INFO, silence="")
    assert (seen.version, seen.plugins, seen.data_root) == ("26.1.5", {"buildx": "v0.13"}, "/data")
    assert seen.registry == "https://index.example/v1/"
    assert (
        looking.read("docker", {**INFO, "HttpsProxy": "http://proxy:3128"}, silence="").registry == "http://proxy:3128"
    )


@pytest.mark.parametrize(
    ("printed", "silence"),
    [
        pytest.param(json.dumps({"ServerErrors": ["Cannot connect"]}), "Cannot connect", id="no-server"),
        pytest.param("", "`docker info` ended with code 1", id="no-words"),
        pytest.param("[]", "`docker info` ended with code 1", id="another-program"),
    ],
)
def test_an_engine_that_is_silent(printed, silence, monkeypatch):
    monkeypatch.setattr(looking.shutil, "which", lambda name: "/usr/bin/docker")
    monkeypatch.setattr(looking, "_docker", lambda *args: (1, printed, ""))
    seen = looking.survey()
    assert (seen.version, seen.silence) == ("", silence)


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        pytest.param('["a:1","b:1"]\tnull\n', {"a:1": False}, id="official"),
        pytest.param('["a:1"]\t{"org.shipshape.stand-in":"a:1"}\n', {"a:1": True}, id="stand-in"),
        pytest.param("\n", {}, id="none-and-an-empty-line"),
        pytest.param("", {}, id="none"),
    ],
)
def test_the_survey_reads_which_images_are_there(printed, expected, monkeypatch):
    monkeypatch.setattr(looking, "_docker", lambda *args: (0, printed, "No such image"))
    assert looking.images("docker", ["a:1", "c:1"]) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://index.example/v1/", ("index.example", 443)),
        ("http://proxy:3128", ("proxy", 3128)),
        ("mirror.example:5000", ("mirror.example", 5000)),
        ("", None),
    ],
    ids=["registry", "proxy", "bare", "none"],
)
def test_endpoint(url, expected):
    assert looking.endpoint(url) == expected


@pytest.mark.docker
def test_the_survey_sees_the_engine_and_its_images():
    seen = looking.survey()
    if not seen.version:
        pytest.skip(seen.silence)
    assert {"buildx", "compose"} <= set(seen.plugins)
    assert set(looking.images(seen.client, [*images.catalogue(), "no-such-image:1"])) <= set(images.catalogue())
