"""The process check, on process lists as the kernel showed them."""

import pytest

from grader.checks import ProcessCheck, process
from grader.errors import EngineFault
from grader.facts import Process
from grader.report import Outcome, Result
from tests.checks.fakes import COMMON, FakeSubject, project


def check(**assertions: object) -> ProcessCheck:
    return ProcessCheck(**{**COMMON, **assertions})


def listed(*commands: str, uid: str = "0") -> tuple[Process, ...]:
    """Process 1 first; a command may bring its user: "33 nginx: worker process"."""
    rows = [(*command.split(" ", 1),) if command[0].isdigit() else (uid, command) for command in commands]
    return tuple(Process(first=not n, uid=row[0], command=row[1]) for n, row in enumerate(rows))


def run(there: tuple[Process, ...], **assertions: object) -> Result:
    return check(**assertions).run(FakeSubject(lists=lambda service: there))


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "PATIENCE", 0.0)


GUNICORN = listed("gunicorn: master [app:app]", "gunicorn: worker [app:app]", "gunicorn: worker [app:app]", uid="1000")
PLAIN = listed(*["/opt/bin/python /opt/bin/gunicorn app:app"] * 3, uid="1000")
MODULE = listed(*["python -m gunicorn app:app"] * 3, uid="1000")
FLASK = listed("/usr/local/bin/python3.13 /usr/local/bin/flask run --host 0.0.0.0")
SHELL = listed("/bin/sh -c gunicorn app:app", "gunicorn: master [app:app]", "gunicorn: worker [app:app]")
SCRIPT = listed("/bin/sh /boot.sh", "gunicorn: master [app:app]")
TINI = listed("tini -- gunicorn app:app", "gunicorn: master [app:app]", "gunicorn: worker [app:app]")
TINI_SHELL = listed("tini -- ./boot.sh", "/bin/sh ./boot.sh", "gunicorn: master [app:app]")
DUMB_SHELL = listed("dumb-init ./boot.sh", "/bin/sh ./boot.sh", "gunicorn: master [app:app]")
BOTH = listed("uWSGI master", "33 uWSGI worker 1", "nginx: master process nginx", "33 nginx: worker process")


@pytest.mark.parametrize(
    ("there", "assertions"),
    [
        (GUNICORN, {"first": ["gunicorn"], "not_shell": True, "not_runs": ["flask", "werkzeug"]}),
        (PLAIN, {"first": ["waitress-serve", "Gunicorn"], "runs": ["gunicorn"], "count": 3}),
        (MODULE, {"first": ["gunicorn"]}),
        (GUNICORN, {"user": "not-root"}),
        (GUNICORN, {"user": "1000", "runs": ["gunicorn"]}),
        (TINI, {"first": ["gunicorn"], "not_shell": True}),
        (DUMB_SHELL, {"first": ["gunicorn"], "not_shell": True}),
        (SCRIPT, {"first": ["boot.sh"]}),
        (BOTH, {"runs": ["nginx", "uwsgi"], "count": 2}),
        (listed("1000 python app.py", "nginx: master process nginx"), {"user": "not-root", "user_of": "python"}),
        (listed("tini -- x", uid="5"), {"not_shell": True}),
    ],
    ids=[
        "titles",
        "one of two",
        "a module",
        "no root",
        "a user",
        "an init",
        "an init for all",
        "a script",
        "two servers",
        "one's user",
        "init alone",
    ],
)
def test_process_passes(there: tuple[Process, ...], assertions: dict[str, object]) -> None:
    result = run(there, **assertions)
    assert result.outcome is Outcome.PASS
    assert result.asked == "docker top hello -eo pid,uid,args"


@pytest.mark.parametrize(
    ("there", "assertions", "fault", "got", "facts"),
    [
        (FLASK, {"first": ["gunicorn"]}, "server", FLASK[0].command, {"command": FLASK[0].command}),
        (FLASK, {"not_runs": ["flask"]}, "server", FLASK[0].command, {"command": FLASK[0].command}),
        (SHELL, {"first": ["gunicorn"]}, "first", "/bin/sh -c gunicorn app:app", {"first": SHELL[0].command}),
        (SHELL, {"not_shell": True}, "first", "/bin/sh -c gunicorn app:app", {"command": SHELL[0].command}),
        (SCRIPT, {"not_shell": True, "first": ["boot.sh"]}, "first", "/bin/sh /boot.sh", {}),
        (TINI_SHELL, {"first": ["gunicorn"], "not_shell": True}, "first", "/bin/sh ./boot.sh", {}),
        (TINI, {"first": ["gunicorn"], "behind_init": False}, "server", "tini -- gunicorn app:app", {}),
        (TINI, {"first": ["uwsgi"]}, "server", "gunicorn: master [app:app]\ngunicorn: worker [app:app]", {}),
        (listed("tini -- x"), {"first": ["x"]}, "server", "tini -- x", {"command": "tini -- x"}),
        (GUNICORN, {"runs": ["nginx"]}, "missing", "1000 gunicorn: master [app:app]", {"missing": "nginx"}),
        (GUNICORN, {"runs": ["gunicorn"], "count": 4}, "count", "1000 gunicorn: master [app:app]", {}),
        (FLASK, {"user": "not-root"}, "root", f"user 0: {FLASK[0].command}", {"uid": "0"}),
        (GUNICORN, {"user": "01001"}, "other-user", "user 1000: gunicorn: master [app:app]", {"uid": "1000"}),
        (BOTH, {"user": "not-root", "user_of": "uwsgi"}, "root", "user 0: uWSGI master", {"uid": "0 33"}),
        (BOTH, {"user": "not-root", "user_of": "celery"}, "missing", "0 uWSGI master", {"missing": "celery"}),
        ((), {"not_shell": True}, "ended", "the container has ended", {}),
        (listed("gunicorn: master [a]", "[nginx] <defunct>"), {"runs": ["nginx"]}, "missing", "0 gunicorn", {}),
    ],
    ids=[
        "another first",
        "what must not run",
        "a shell before what must be first",
        "a shell",
        "a script's shell",
        "a shell behind an init",
        "no init allowed",
        "another behind an init",
        "nothing behind an init",
        "one missing",
        "too few",
        "root",
        "another user",
        "root of one",
        "no such program's user",
        "ended",
        "dead",
    ],
)
def test_process_fails(
    there: tuple[Process, ...], assertions: dict[str, object], fault: str, got: str, facts: dict[str, str]
) -> None:
    result = run(there, **assertions)
    assert (result.outcome, result.evidence["fault"]) == (Outcome.FAIL, fault)
    assert result.got.startswith(got)
    assert result.expected
    assert facts.items() <= result.evidence.items()
    assert "" not in result.evidence.values()


def test_process_waits_for_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "PATIENCE", 60.0)
    looks = iter([SHELL, (), GUNICORN[:1], GUNICORN])
    subject = FakeSubject(lists=lambda service: next(looks))
    assert check(first=["gunicorn"], runs=["gunicorn"], count=3).run(subject).outcome is Outcome.PASS
    assert next(looks, None) is None


def test_process_cannot_tell_without_a_first_one() -> None:
    there = tuple(Process(first=False, uid="0", command=each.command) for each in GUNICORN)
    assert run(there, runs=["gunicorn"]).outcome is Outcome.PASS
    with pytest.raises(EngineFault, match="which process is the container's first"):
        run(there, first=["gunicorn"])


def test_process_shows_no_more_than_a_reader_can_take() -> None:
    there = listed("x" * 100_000, *["y" * 1_000] * 250)
    result = run(there, runs=["nginx"])
    assert result.got.endswith("and 221 more")
    assert max(map(len, (result.got, *result.evidence.values()))) <= process.SHOWN * (process.SHOWN_WIDTH + 10)


def test_process_looks_at_a_service() -> None:
    subject = FakeSubject(name="web", project=project("web", "db"), lists=lambda service: GUNICORN)
    result = check(runs=["gunicorn"], service="db").run(subject)
    assert (result.asked, subject.services) == ("docker compose top db", ["db"])
    result = check(runs=["gunicorn"], service="bd").run(subject)
    assert (result.outcome, result.got) == (Outcome.FAIL, "web db")
    assert result.evidence == {"fault": "no-service", "missing": "bd", "services": "web db", "nearest": "db"}


@pytest.mark.parametrize(
    ("assertions", "field", "words"),
    [
        ({}, "", "asserts nothing and can never fail"),
        ({"runs": [""]}, "runs", "the name of a program is empty"),
        ({"first": ["/usr/bin/nginx"]}, "first", "write 'nginx'"),
        ({"not_runs": ["flask run"]}, "not_runs", "'flask run' holds white space"),
        ({"runs": ["a"], "not_runs": ["a"]}, "not_runs", "nothing could pass"),
        ({"first": ["sh"], "not_shell": True}, "first", "nothing could pass"),
        ({"runs": ["a"], "count": 0}, "count", "is not between 1 and 100"),
        ({"first": ["a"], "count": 2}, "count", "add runs"),
        ({"user": "app"}, "user", "write 'not-root', or a user's number"),
        ({"user": "²"}, "user", "write 'not-root'"),
        ({"runs": ["a"], "user_of": "a"}, "user_of", "add user"),
        ({"user": "5", "user_of": "a b"}, "user_of", "holds white space"),
        ({"not_shell": True, "service": " web"}, "service", "take the white space out"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_process_names_an_authors_slip(assertions: dict[str, object], field: str, words: str) -> None:
    found = list(check(**assertions).faults())
    assert [each for each in found if each[0] == field and words in each[1]]


def test_process_says_what_it_asks() -> None:
    whole = check(first=["gunicorn"], not_shell=True, runs=["gunicorn"], count=3, not_runs=["flask"], user="not-root")
    assert list(whole.faults()) == []
    assert whole.asks() == (
        "In the container, process 1 is gunicorn, and process 1 is no shell, and gunicorn runs, 3 processes at least, "
        "and no flask runs, and gunicorn runs as a user other than root"
    )
    assert check(user="33", user_of="nginx", service="web").asks() == "In the container of web, nginx runs as user 33"
