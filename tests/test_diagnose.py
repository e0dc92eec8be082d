"""The catalogue: complete, fit to be read, unambiguous, and each cause proved by a submission of the corpus."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from grader import catalogue as module
from grader.catalogue import PLACEHOLDER, Entry, anchor, catalogue, groups
from grader.cli import main
from grader.diagnose import FACT_LIMIT, LINE_LIMIT, diagnose
from grader.errors import SpecError
from grader.words import fill
from tests.conftest import ROOT
from tests.corpus import cases

UNITS = {path.parent.name for path in (ROOT / "docs").glob("[0-9][0-9]-*/index.rst")}
# Their pages are yet to be written; each mistake is on the page of all mistakes until then.
PLANNED = {
    *("02-layers", "03-degrees", "04-compose", "05-waitress", "06-blog", "07-blog-mysql", "08-nginx-uwsgi"),
    *("09-nginx-split", "10-postgres", "11-login", "12-production", "13-clinic"),
}
SAMPLES = tomllib.loads((Path(__file__).with_name("evidence.toml")).read_text(encoding="utf-8"))
# What goes with a sample's own facts.
BASES = {
    "engine": {"kind": "engine"},
    "build": {"kind": "build", "name": "hello", "step": "[2/3] RUN x", "exit_code": "1", "timed_out": "no", "log": ""},
    "start": {"kind": "start", "name": "hello", "reason": "exited", "port": "5000", "exit_code": "1"},
    "services": {"kind": "start", "name": "web", "reason": "exited", "port": "5000", "exit_code": "1"}
    | {"services": "db migrate web", "other_logs": "db: running"},
    "compose": {"kind": "compose", "file": "compose.yaml", "line": "3", "nearest": "", "words": "`x`: it is not so"},
    "http": {"kind": "http", "name": "hello", "path": "/", "fault": "status", "body": "x", "running": "yes"},
    "check": {"kind": "image", "name": "hello"},
    "project": {"kind": "compose", "name": "web", "services": "db web", "service": "db"},
    "stop": {"kind": "stop", "name": "hello", "command": "flask run", "exit_code": "137"},
}
# Proved by what their programs say alone (tests/evidence.toml), and not yet by a submission, with the reason.
SLOW = "takes the whole time-out of a build, or minutes of packages"
FACT = "needs a fact that nothing gathers yet"
PROJECT = "needs a submission in the corpus of a Compose exercise"
KIND = "needs a submission in the corpus of an exercise with a check of that kind"
LIMIT = "needs an exercise with such a limit, or another runtime"
AWAITING = {
    name: why
    for why, names in {
        SLOW: "apt-lists-stale build-out-of-memory build-timed-out externally-managed",
        FACT: "command-outside-the-path command-replaced folder-shadows-the-module module-in-another-python",
        LIMIT: "not-allowed-to-bind started-again-and-again",
        PROJECT: "database-files-of-another-version not-apart "
        "postgres-volume-for-older-versions query-refused service-from-another-image",
        KIND: "build-step-missing built-on-another-base command-did-not-end csrf-token-missing "
        "ended-before-the-look ended-before-the-stop ended-with-an-error-code image-without-a-health-check "
        "log-on-the-other-stream other-server port-not-exposed secure-cookie-over-http session-lost",
    }.items()
    for name in names.split()
}


def id_of(entry: Entry) -> str:
    return entry.id


@pytest.mark.parametrize("entry", catalogue(), ids=id_of)
def test_an_entry_is_fit_to_be_read(entry: Entry) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", entry.id)
    assert entry.unit in UNITS | PLANNED
    for text in (entry.cause, entry.mend):
        assert text.endswith("."), text
        assert not re.search(r"\b(simply|just|easy|obviously)\b|\u2014", text, re.IGNORECASE), text
        assert text.count("`") % 2 == 0, text
    assert "\n" not in "".join((entry.symptom, entry.cause, entry.look, entry.mend))
    assert "kind" in entry.when


def test_every_cause_has_a_submission_that_proves_it() -> None:
    proved = {case.diagnosis for case in cases()} - {""}
    known = {entry.id for group, entries in groups().items() for entry in entries if group != "machine"}
    assert proved - known == set()
    assert known - proved - set(AWAITING) == set(), "no submission of the corpus proves these"
    assert proved & set(AWAITING) == set(), "a submission proves these now: take them out of AWAITING"
    assert set(AWAITING) - known == set()


@pytest.mark.parametrize("name", sorted({*AWAITING, *SAMPLES, *(entry.id for entry in groups()["machine"])}))
def test_what_the_programs_say_proves_a_cause(name: str) -> None:
    sample = dict(SAMPLES[name])
    found = diagnose(BASES[sample.pop("base")] | sample)
    assert found is not None
    assert found.id == name
    # Nothing that a student is told has a gap left in it.
    assert not PLACEHOLDER.search(found.cause + found.mend + found.look)


def test_a_health_check_is_not_blamed_for_a_service_that_ends_again_and_again() -> None:
    unhealthy = {"service": "web", "refused": "dependency failed to start: container x-web-1 is unhealthy"}
    found = diagnose(BASES["services"] | unhealthy | {"restarts": "3"})
    assert found is not None
    assert found.id == "started-again-and-again"


@pytest.mark.parametrize(
    ("logs", "cause"),
    [
        (
            'connection to server at "localhost" (127.0.0.1), port 5432 failed: Connection refused',
            "database-at-localhost",
        ),
        ('connection to server on socket "/var/run/postgresql/.s.PGSQL.5432" failed: No such', "database-at-localhost"),
        ("(2003, \"Can't connect to MySQL server on '127.0.0.1' ([Errno 111] Conn", "database-at-localhost"),
        ("(2002, \"Can't connect to server on '127.0.0.1' (115)\")", "database-at-localhost"),
        (
            "(2002, \"Can't connect to local server through socket '/run/mysqld.sock' (2)\")",
            "database-at-localhost",
        ),
        ("2003 (HY000): Can't connect to MySQL server on '127.0.0.1:3306' (111)", "database-at-localhost"),
        ("2003: Can't connect to MySQL server on '127.0.0.1:3306' (Errno 111: Conn", "database-at-localhost"),
        ("Error 111 connecting to localhost:6379. Connection refused.", "database-at-localhost"),
        ('could not translate host name "dbb" to address: Name or service not known', "service-name-misspelt"),
        ("failed to resolve host 'dbb': [Errno -2] Name or service not known", "service-name-misspelt"),
        ("(2005, \"Unknown server host 'dbb' (-2)\")", "service-name-misspelt"),
        ("(2003, \"Can't connect to MySQL server on 'dbb' ([Errno -2] Name or", "service-name-misspelt"),
        ("2003: Can't connect to MySQL server on 'dbb:3306' (Errno -2: Name or", "service-name-misspelt"),
        ("Error -2 connecting to dbb:6379. Name or service not known.", "service-name-misspelt"),
        ('could not translate host name "postgresql" to address: Temporary failure', "service-name-unknown"),
        ("(2003, \"Can't connect to MySQL server on 'db' ([Errno 111] Connection refused)\")", "database-not-ready"),
        ('connection to server at "db" (172.18.0.2), port 5432 failed: Connection refused', "database-not-ready"),
        ("FATAL:  the database system is starting up", "database-not-ready"),
        ("Error 111 connecting to redis:6379. Connection refused.", "database-not-ready"),
        ('FATAL:  password authentication failed for user "crew"', "database-refuses-the-password"),
        ("(1044, \"Access denied for user 'crew'@'%' to database 'hald'\")", "database-missing"),
        ("(1049, \"Unknown database 'hald'\")", "database-missing"),
        ('(psycopg.errors.UndefinedTable) relation "post" does not exist', "table-missing"),
        ("(1146, \"Table 'hold.post' doesn't exist\")", "table-missing"),
        ('(psycopg.errors.UndefinedColumn) column "nope" does not exist', "column-missing"),
        ("(1054, \"Unknown column 'nope' in 'field list'\")", "column-missing"),
        ("'SQLALCHEMY_DATABASE_URI' or 'SQLALCHEMY_BINDS' must be set.", "database-address-missing"),
    ],
)
def test_the_words_of_every_client_are_known(logs: str, cause: str) -> None:
    traceback = f'Traceback (most recent call last):\n  File "/app/app.py", line 1, in <module>\nx.Error: {logs}\n'
    for text in (f"waiting\n{logs}\n", traceback):
        found = diagnose(BASES["services"] | {"logs": text})
        assert found is not None
        assert found.id == cause


@pytest.mark.parametrize(
    ("evidence", "cause"),
    [
        ({"kind": "start", "listening": "127.0.0.1:5000", "other_port": ""}, "bound-to-loopback"),
        ({"kind": "start", "listening": "[::1]:5000"}, "bound-to-loopback"),
        ({"kind": "start", "listening": "127.0.0.1:5000 0.0.0.0:8000", "other_port": "8000"}, "other-port"),
        ({"kind": "session", "path": "/x", "status": "404", "fault": "status"}, "route-missing"),
        ({"kind": "rebuild", "path": "/x", "reason": "timeout", "fault": "no-answer"}, "answer-too-slow"),
        ({"kind": "start", "listening": "", "logs": "/boot.sh: 4: [[: not found\n"}, "script-needs-bash"),
    ],
    ids=["loopback", "loopback of IPv6", "another port beside loopback", "in a session", "after a build", "in a loop"],
)
def test_evidence_proves_a_cause(evidence: dict[str, str], cause: str) -> None:
    found = diagnose(evidence)
    assert found is not None
    assert found.id == cause


def test_the_last_exception_is_the_cause() -> None:
    def raised(words: str) -> str:
        return f'Traceback (most recent call last):\n  File "/app/app.py", line 9, in f\n{words}\n127.0.0.1 - 500 -\n'

    first, second = raised("NameError: name 'escape' is not defined"), raised("TypeError: f() takes no arguments")
    facts = BASES["http"] | {"status": "500"}
    for logs, cause in ((second + first, "name-not-defined"), (first + second, "server-error")):
        found = diagnose(facts | {"logs": logs})
        assert found is not None
        assert found.id == cause
    # A request that was answered has nothing to do with an exception that was there before.
    assert diagnose(BASES["http"] | {"status": "200", "fault": "body", "logs": first}) is None


def test_a_log_read_in_the_middle_of_a_traceback_is_told_by_the_one_before() -> None:
    whole = "Traceback (most recent call last):\n  File x\nOSError: [Errno 30] Read-only file system: '/app/log'\n"
    half = "[7] [INFO] Booting worker\nTraceback (most recent call last):\n  File x\n    os.makedirs()\n"
    facts = BASES["services"] | {"restarts": "3", "exit_code": "3", "logs": whole + half}
    assert diagnose(facts).id == "file-system-read-only"


def test_how_gunicorn_ends_hides_nothing_of_what_broke_its_workers() -> None:
    whole = "Traceback (most recent call last):\n  File x\nOSError: [Errno 30] Read-only file system: '/app/log'\n"
    ended = "[8] [INFO] Worker exiting (pid: 8)\n"
    halted = "Traceback (most recent call last):\n  File y\ngunicorn.errors.HaltServer: <HaltServer 'x' 3>\n"
    chain = f"{halted}\nDuring handling of the above exception, another exception occurred:\n\n{halted}"
    facts = BASES["services"] | {"restarts": "3", "exit_code": "3"}
    for logs in (whole + ended + chain, whole + ended + chain + "[1] [INFO] Starting gunicorn\n"):
        assert diagnose(facts | {"logs": logs}).id == "file-system-read-only"
    # What one said that raised nothing stands before as well.
    said = "OSError: [Errno 30] Read-only file system: '/app/log'\n"
    assert diagnose(facts | {"logs": said + chain}).id == "file-system-read-only"


@pytest.mark.parametrize("line", ["[emerg] ", 'connection to server at "', "x: " * 9 + "\n", "ERROR: Ignored \n"])
def test_no_log_is_searched_whole(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    searched = []

    def search(pattern: str, text: str, flags: int = 0) -> None:
        searched.append(text)

    monkeypatch.setattr("grader.diagnose.re.search", search)
    diagnose(BASES["services"] | {"logs": line * 100_000, "service_logs": line * 100_000})
    assert max(map(len, searched)) <= FACT_LIMIT
    assert max(len(each) for text in searched for each in text.split("\n")) <= LINE_LIMIT


def test_a_look_is_a_command_for_what_the_student_has() -> None:
    facts = {"kind": "start", "exit_code": "3", "command": "x", "name": "web"}
    alone, service = diagnose(facts), diagnose(facts | {"services": "db web"})
    assert alone is not None
    assert service is not None
    assert (alone.look, service.look) == ("docker logs web", "docker compose logs web")
    shell = diagnose(BASES["stop"] | {"killed": "yes", "command": "sh x", "service": "a b"})
    assert shell is not None
    assert shell.look == "docker inspect --format '{{.Config.Cmd}}' $(docker compose ps -aq 'a b')"


def test_details_are_put_in_on_one_line() -> None:
    found = diagnose({"kind": "build", "base": "pyhton:3\nevil", "nearest": "python:3.13-slim", "bases": "x"})
    assert found is not None
    assert (found.cause, found.mend) == (
        "The image is built from pyhton:3 evil, which this exercise does not offer.",
        "Write `FROM python:3.13-slim`.",
    )


def test_evidence_of_nothing_known_has_no_cause() -> None:
    assert diagnose({"kind": "http", "status": "418"}) is None
    assert diagnose({}) is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("when = {}", ":8: 'a' has no `when`: it would explain everything"),
        ("wen = {}", ":8: unknown key 'wen', did you mean 'when'?"),
    ],
)
def test_a_mistake_in_the_catalogue_names_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, message: str
) -> None:
    fields = "".join(f'{name} = "a"\n' for name in ("id", "unit", "symptom", "cause", "look", "mend"))
    (tmp_path / "1-a.toml").write_text(f"[[diagnosis]]\n{fields}{text}\n")
    monkeypatch.setattr(module, "CATALOGUE", tmp_path)
    groups.cache_clear()
    with pytest.raises(SpecError) as caught:
        groups()
    groups.cache_clear()
    assert message.partition(": ")[2] in str(caught.value)


def run(*args: str) -> tuple[int, str, str]:
    result = CliRunner(env={"COLUMNS": "80"}).invoke(main, ["diagnose", *args], prog_name="python -m grader")
    return result.exit_code, result.stdout, result.stderr


def test_all_are_listed_within_80_columns() -> None:
    code, text, _ = run("--list")
    assert code == 0
    assert max(map(len, text.splitlines())) <= 80
    assert [line.split()[0] for line in text.splitlines() if re.match(r"  [a-z]", line)] == [e.id for e in catalogue()]
    assert not PLACEHOLDER.search(text)


def test_all_are_listed_for_a_program() -> None:
    code, text, _ = run("--list", "--format", "json")
    rows = json.loads(text)
    assert code == 0
    assert [(row["id"], row["page"]) for row in rows] == [(entry.id, anchor(entry.id)) for entry in catalogue()]


@pytest.mark.parametrize("entry", catalogue(), ids=id_of)
def test_one_is_shown_whole(entry: Entry) -> None:
    code, text, _ = run(entry.id)
    flat = " ".join(text.split())
    assert code == 0
    for part in (entry.symptom, entry.cause, entry.look, entry.mend):
        assert " ".join(PLACEHOLDER.sub(r"<\1>", part).split()) in flat
    assert anchor(entry.id) in flat


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["bound-to-loopbak"], "Error: no diagnosis 'bound-to-loopbak': did you mean 'bound-to-loopback'?\n"),
        (["xyzzy"], "Error: no diagnosis 'xyzzy': `python -m grader diagnose --list` names them all\n"),
        ([], "name one diagnosis, or ask for all of them with --list\n"),
        (["shell-form", "--list"], "name one diagnosis, or ask for all of them with --list\n"),
    ],
    ids=["a slip", "a guess", "nothing", "both"],
)
def test_what_cannot_be_shown_is_wrong_usage(args: list[str], message: str) -> None:
    code, text, told = run(*args)
    assert (code, text) == (2, "")
    assert told.endswith(message)


def test_words_fill_only_what_they_know() -> None:
    assert fill('{"a": "{word}", "b": {c}}', {"word": "kiwi"}) == '{"a": "kiwi", "b": {c}}'
