"""The verdicts under gVisor's runtime: the same as under the engine's own, though its kernel is another."""

import contextlib
from collections.abc import Iterator

import pytest

from grader import gvisor
from grader.deadline import Deadline
from grader.engine import Engine, connect
from grader.engine.image import inspect
from grader.engine.ledger import open_ledger
from grader.engine.refusal import by_the_image, holds
from grader.engine.single import Single
from grader.engine.survey import survey
from grader.errors import EngineFault, UsageError
from grader.machine import this_machine
from tests.corpus import SOLUTION, Case, cases
from tests.grading import graded

pytestmark = [pytest.mark.docker, pytest.mark.slow]

SLUG = "01-hello"
BASE = "python:3.13-slim"
# Each ends in another stage, or is proved by something that a runtime of its own might tell otherwise: sockets, exit
# codes, the kernel's kills, signals, processes.
CHOSEN = (
    "bound-to-loopback",
    "other-port",
    "exits-at-once",
    "ends-with-an-error",
    "out-of-memory",
    "shell-form",
    "command-not-found",
    "command-not-executable",
    "user-not-found",
    "died-while-answering",
    "debug-console-open",
)


def chosen() -> list[Case]:
    found = [case for case in cases() if case.slug == SLUG]
    wrong = [case for case in found if case.folder.parent.name == "wrong" and case.folder.name in CHOSEN]
    assert len(wrong) == len(CHOSEN)
    return [case for case in found if case.group == SOLUTION] + wrong


@pytest.fixture(scope="module")
def gvisors() -> Iterator[Engine]:
    """The engine of this machine, with gVisor's runtime for submissions."""
    if gvisor.NAME not in survey().runtimes:
        if not gvisor.installed() or not this_machine().ours:
            pytest.skip("gVisor's runsc is not registered with the engine, and not ours to register: `make doctor`")
        gvisor.register()
    with contextlib.closing(connect(gvisor.NAME)) as engine:
        yield engine


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in chosen()])
def test_the_verdict_is_the_same_under_gvisor(case: Case, gvisors: Engine) -> None:
    assert case.objections(graded(case, gvisors)) == []


def test_a_submissions_container_runs_under_gvisor(gvisors: Engine) -> None:
    with open_ledger(gvisors) as lease:
        single = Single(engine=gvisors, lease=lease, image=inspect(gvisors, BASE)["Id"], port=5000, memory=64)
        assert single.up(Deadline(20)) is None
        (container,) = single.containers.values()
        assert gvisors.client.api.inspect_container(container.id)["HostConfig"]["Runtime"] == gvisor.NAME
        single.down(data=True)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ('exec: "flsak": executable file not found in $PATH: unknown', None),
        (
            'starting sandbox: error finding executable "flsak" in PATH [/bin]: no such file or directory: unknown',
            'exec: "flsak": executable file not found in $PATH',
        ),
        (
            "starting sandbox: creating process: failed to load /app/app.py: permission denied: unknown",
            'exec: "/app/app.py": permission denied',
        ),
        (
            "starting sandbox: creating process: failed to load /nope: no such file or directory: unknown",
            'exec: "/nope": stat /nope: no such file or directory',
        ),
        (
            "starting sandbox: creating process: failed to load /boot.sh: exec format error: unknown",
            "exec /boot.sh: exec format error",
        ),
        ("starting container: starting root container: starting sandbox: cannot connect to gofer: EOF", ""),
        ("cannot mount volume over existing file, file exists /var/lib/x/merged/app", None),
        ("network 1234 not found", ""),
    ],
    ids=["runc", "not found", "not executable", "no such file", "no shebang", "gVisor's own", "a volume", "a network"],
)
def test_a_refusal_by_the_image_is_said_in_the_same_words(words: str, said: str | None) -> None:
    assert by_the_image(words) == (words if said is None else said)


def test_an_unknown_runtime_names_those_that_there_are() -> None:
    with pytest.raises(UsageError, match=r"the engine has no runtime runcs: it has .*runc.*`make doctor`"):
        connect("runcs")


def test_an_engine_that_does_not_tell_its_runtimes_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(self: Engine) -> dict[str, object]:
        raise EngineFault("no answer")

    monkeypatch.setattr(Engine, "info", property(silent))
    with pytest.raises(EngineFault, match="no answer"):
        connect("runc")


def test_a_script_without_its_interpreter_is_told_from_one_that_is_not_there() -> None:
    words = "starting sandbox: creating process: failed to load ./boot.sh: no such file or directory: unknown"
    assert by_the_image(words, lambda path: True) == "exec ./boot.sh: no such file or directory"
    assert by_the_image(words, lambda path: False).startswith('exec: "./boot.sh": stat')


def test_a_file_is_found_in_a_container_that_never_ran(engine: Engine) -> None:
    made = engine.client.api.create_container(BASE, ["true"], working_dir="/etc")["Id"]
    try:
        paths = ["hostname", "./hostname", "/etc/hostname", "no-such-file", "/no/such", "../etc"]
        assert [holds(engine, made, path) for path in paths] == [True, True, True, False, False, True]
    finally:
        engine.client.api.remove_container(made)
