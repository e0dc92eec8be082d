"""Asks the database of a submission's project, with a client of our own: the student's container might lie."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from grader import limits
from grader.deadline import Deadline
from grader.engine.attached import hang_up, read
from grader.engine.connection import Engine
from grader.engine.container import Container
from grader.engine.faults import engine_faults
from grader.engine.image import base_of
from grader.engine.ledger import Lease
from grader.engine.settings import settings_of
from grader.engine.sidecar import sidecar
from grader.facts import Executed

MEMORY = "256m"
OUTPUT_LIMIT = 16_000_000  # bytes: a dump with a picture or two in it
SLACK = 5.0  # seconds for the client to start, and to hear of the server's own limit
# The client's share of the server's own settings: nothing is written, and nothing runs for ever.
READ_ONLY = "-c default_transaction_read_only=on -c statement_timeout={milliseconds}"
# All databases but those that MySQL keeps for itself; their names come from the server, one a line.
NAMES = """
    SELECT schema_name FROM information_schema.schemata
    WHERE schema_name NOT IN ('information_schema', 'mysql', 'performance_schema', 'sys')
"""
DUMP_ALL = """
    names=$(mysql "$@" --batch --skip-column-names -e "$NAMES") || exit
    [ "$names" ] || exit 0
    set -f
    IFS='
'
    exec mysqldump "$@" --no-tablespaces --skip-lock-tables --set-gtid-purged=OFF --databases -- $names
"""
LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, kw_only=True)
class Client:
    """A database's command line client, as it is called for one statement."""

    command: tuple[str, ...]
    environment: Mapping[str, str]


def query(
    engine: Engine, container: Container, sql: str, *, bases: tuple[str, ...], lease: Lease, timeout: float
) -> Executed:
    """Run one statement in the database that the container serves; rows are lines, columns stand between tabs.

    Without a statement, everything that is in it is written out. Without an exit code, `stderr` says in one line why:
    the container has ended, serves no database that we know, or told more than can be looked at.

    The client runs in a container of the base image, in the network name space of the database's.

    :raises EngineFault: the engine is at fault
    """
    state = container.state()
    if not state.running:
        return _nothing(f"the container has ended with exit code {state.exit_code}")
    with engine_faults("looking at the database's container"):
        record = dict(engine.client.api.inspect_container(container.id))
    base = base_of(engine, str(record["Image"]), bases)
    client = _client(base, settings_of(container, record), sql, timeout)
    if client is None:
        return _nothing(f"no database that can be asked runs in {base or 'an image of this kind'}")
    return _run(engine, base, client, container, lease, timeout)


def _nothing(why: str) -> Executed:
    return Executed(exit_code=None, stdout="", stderr=why)


def _run(engine: Engine, base: str, client: Client, container: Container, lease: Lease, timeout: float) -> Executed:
    from docker.errors import APIError

    api = engine.client.api
    with (
        engine_faults("asking the database"),
        sidecar(
            engine,
            base,
            client.command,
            label=lease.label,
            host=_limits(container),
            environment=client.environment,
            user="65534",
        ) as made,
    ):
        # What is printed comes over this; the engine keeps none of it.
        stream = api.attach_socket(made, params={"stdout": 1, "stderr": 1, "stream": 1})
        try:
            api.start(made)
            said = read(stream, limit=OUTPUT_LIMIT, deadline=Deadline(timeout + SLACK))
        except APIError:
            if container.state().running:
                raise
            return _nothing("the container has ended")
        finally:
            hang_up(stream)
        code = None if said.late or said.cut else int(api.wait(made, timeout=30)["StatusCode"])
    stdout, stderr = (text.decode("utf-8", "replace") for text in (said.stdout, said.stderr))
    if said.cut:
        stderr = f"it told more than {OUTPUT_LIMIT // 1_000_000} MB"
    return Executed(exit_code=code, stdout=stdout, stderr=stderr, timed_out=said.late)


def _limits(container: Container) -> dict[str, Any]:
    from docker.types import LogConfig

    return {
        "network_mode": f"container:{container.id}",
        "cap_drop": ["ALL"],
        "read_only": True,
        "mem_limit": MEMORY,
        "memswap_limit": MEMORY,
        "nano_cpus": 1_000_000_000,
        "pids_limit": limits.PIDS,
        "security_opt": ["no-new-privileges"],
        "log_config": LogConfig(type="none", config={}),
    }


def _client(base: str, settings: Mapping[str, str], sql: str, timeout: float) -> Client | None:
    """How the statement is put to the database of a base image, by its own settings; None where it is none."""
    program = base.partition(":")[0].rpartition("/")[2]
    if program == "postgres":
        return _postgres(settings, sql, timeout)
    return _mysql(settings, sql, timeout) if program == "mysql" else None


def _postgres(settings: Mapping[str, str], sql: str, timeout: float) -> Client:
    user = settings.get("POSTGRES_USER") or "postgres"
    name = settings.get("POSTGRES_DB") or user
    place = ("-h", LOOPBACK, "-p", settings.get("PGPORT") or "5432", "-U", user)
    words: tuple[str, ...] = ("pg_dumpall", *place, "-l", name, "--no-role-passwords")
    if sql:
        words = ("psql", *place, "-d", name, "-X", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-c", sql)
    limits = READ_ONLY.format(milliseconds=int(timeout * 1000))
    # The image trusts whoever comes from loopback, but for a student who asked it not to.
    return Client(command=words, environment={"PGOPTIONS": limits, "PGPASSWORD": settings.get("POSTGRES_PASSWORD", "")})


def _mysql(settings: Mapping[str, str], sql: str, timeout: float) -> Client:
    root, user = settings.get("MYSQL_ROOT_PASSWORD", ""), settings.get("MYSQL_USER", "")
    as_root = bool(root) or not user
    password = root if as_root else settings.get("MYSQL_PASSWORD", "")
    place = ("--no-defaults", "-h", LOOPBACK, "-u", "root" if as_root else user)
    name = settings.get("MYSQL_DATABASE", "")
    if sql:
        limits = f"SET SESSION TRANSACTION READ ONLY; SET SESSION max_execution_time={int(timeout * 1000)};"
        named = (name,) if name else ()
        asks = ("mysql", *place, "--batch", "--skip-column-names", "-e", limits + sql, *named)
        return Client(command=asks, environment={"MYSQL_PWD": password})
    script = ("sh", "-c", DUMP_ALL, "sh", *place)
    return Client(command=script, environment={"MYSQL_PWD": password, "NAMES": NAMES})
