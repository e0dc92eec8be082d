"""The images of postgres, mysql, nginx and redis keep what their official pages promise, under the run's own limits.

Nothing here asks which of the two an image is: where a registry answers, these are tests of the official ones.
"""

import contextlib
import gzip
import io
import secrets
import tarfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from grader import images
from grader.engine import Engine
from grader.engine.image import inspect, stand_ins
from grader.engine.network import make_network
from grader.engine.profile import limits

pytestmark = [pytest.mark.docker, pytest.mark.slow]

POSTGRES, MYSQL, NGINX, REDIS = "postgres:17", "mysql:9.7", "nginx:stable", "redis:8"
PATIENCE = 90.0  # seconds for a server on a busy machine
SECRET = 'it"s a $ecret'  # noqa: S105 -- what a shell or SQL would stumble over
ROOT = "top secret"
GRACE = 15  # seconds for a server to end by itself


@dataclass(frozen=True, kw_only=True)
class Server:
    """A container of one of the images, with the run's limits."""

    engine: Engine
    id: str

    def run(self, script: str, **environment: str) -> tuple[int, str]:
        """A shell line inside it: exit code and output."""
        api = self.engine.client.api
        made = api.exec_create(self.id, ["sh", "-c", script], environment=environment)
        output = api.exec_start(made["Id"]).decode().strip()
        return api.exec_inspect(made["Id"])["ExitCode"], output

    def ask(self, script: str, **environment: str) -> str:
        """The same, when it must succeed."""
        code, output = self.run(script, **environment)
        assert code == 0, output
        return output

    def ready(self, script: str, **environment: str) -> "Server":
        """Wait until a shell line inside it succeeds."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            assert self.state["Running"], self.logs()
            with contextlib.suppress(Exception):  # it may end between the two
                if self.run(script, **environment)[0] == 0:
                    return self
            time.sleep(0.1)
        pytest.fail(f"not ready within {PATIENCE:g} s: {self.logs()}")

    def ended(self) -> tuple[int, str]:
        """Wait until it has ended by itself: exit code and log."""
        code = self.engine.client.api.wait(self.id, timeout=PATIENCE)["StatusCode"]
        return code, self.logs()

    def stop(self) -> int:
        """The exit code when it is asked to end as `docker stop` asks; 137 where that did not help."""
        self.engine.client.api.stop(self.id, timeout=GRACE)
        return int(self.state["ExitCode"])

    def logs(self, **streams: bool) -> str:
        return str(self.engine.client.api.logs(self.id, **streams).decode())

    @property
    def user(self) -> str:
        """The number of the user that process 1 runs as."""
        return self.ask("grep '^Uid:' /proc/1/status").split()[1]

    @property
    def state(self) -> dict[str, Any]:
        return dict(self.engine.client.api.inspect_container(self.id)["State"])

    @property
    def address(self) -> str:
        networks = self.engine.client.api.inspect_container(self.id)["NetworkSettings"]["Networks"]
        return str(next(iter(networks.values()))["IPAddress"])


Start = Callable[..., Server]


@pytest.fixture(scope="module")
def network(engine: Engine) -> Iterator[str]:
    images.ensure([POSTGRES, MYSQL, NGINX, REDIS], engine, lambda words: None)
    made = make_network(engine, f"shipshape.test.{secrets.token_hex(8)}")
    yield made
    engine.client.api.remove_network(made)


@pytest.fixture
def start(engine: Engine, network: str) -> Iterator[Start]:
    """Starts servers for one test."""
    with servers(engine, network) as start:
        yield start


@pytest.fixture(scope="module")
def start_shared(engine: Engine, network: str) -> Iterator[Start]:
    """Starts servers that several tests look at and leave as they are."""
    with servers(engine, network) as start:
        yield start


@contextlib.contextmanager
def servers(engine: Engine, network: str) -> Iterator[Start]:
    """Containers with the run's limits; they are removed with all that they wrote."""
    api, label = engine.client.api, f"shipshape.test.{secrets.token_hex(8)}"

    def start(
        image: str,
        *command: str,
        env: Mapping[str, str] | None = None,
        files: Mapping[str, str | bytes] | None = None,
        volume: Mapping[str, str] | None = None,
        memory: int = 0,
        user: str = "",
    ) -> Server:
        for name in volume or ():
            api.create_volume(name, labels={label: ""})
        host = api.create_host_config(
            binds=[f"{name}:{place}" for name, place in (volume or {}).items()],
            network_mode=network,
            **limits(engine, memory=memory or images.catalogue()[image].memory),
        )
        settings = {"environment": dict(env or {}), "labels": {label: ""}, "user": user or None}
        made = api.create_container(image, command or None, host_config=host, **settings)
        api.put_archive(made["Id"], "/", archive(files or {}))
        api.start(made["Id"])
        return Server(engine=engine, id=made["Id"])

    try:
        yield start
    finally:
        for container in api.containers(all=True, filters={"label": label}):
            api.remove_container(container["Id"], v=True, force=True)
        for volume in api.volumes(filters={"label": label})["Volumes"] or ():
            api.remove_volume(volume["Name"])


def archive(files: Mapping[str, str | bytes]) -> bytes:
    """Files for a container; a script that begins with #! may be run."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        for path, text in files.items():
            content = text.encode() if isinstance(text, str) else text
            entry = tarfile.TarInfo(path.lstrip("/"))
            entry.size, entry.mode = len(content), 0o755 if content.startswith(b"#!") else 0o644
            tar.addfile(entry, io.BytesIO(content))
    return packed.getvalue()


@dataclass(frozen=True, kw_only=True)
class Restarted:
    """What the first container of a volume logged and ended with, and the second, which runs."""

    log: str
    code: int
    server: Server


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        (POSTGRES, (["docker-entrypoint.sh"], ["postgres"], {"5432/tcp"}, "SIGINT", {"/var/lib/postgresql/data"})),
        (MYSQL, (["docker-entrypoint.sh"], ["mysqld"], {"3306/tcp", "33060/tcp"}, "SIGTERM", {"/var/lib/mysql"})),
        (NGINX, (["/docker-entrypoint.sh"], ["nginx", "-g", "daemon off;"], {"80/tcp"}, "SIGQUIT", set())),
        (REDIS, (["docker-entrypoint.sh"], ["redis-server"], {"6379/tcp"}, "SIGTERM", set())),
    ],
    ids=["postgres", "mysql", "nginx", "redis"],
)
def test_the_record_is_the_official_one(
    engine: Engine, network: str, reference: str, expected: tuple[Any, ...]
) -> None:
    record = inspect(engine, reference)
    assert record is not None
    config = record["Config"]
    signal = config.get("StopSignal") or "SIGTERM"
    volumes = set(config.get("Volumes") or ())
    assert (config["Entrypoint"], config["Cmd"], set(config["ExposedPorts"]), signal, volumes) == expected


# --- postgres

INIT_POSTGRES: dict[str, str | bytes] = {
    "10-table.sql": "CREATE TABLE seen (at serial, what text); INSERT INTO seen (what) VALUES ('sql')",
    "20-more.sql.gz": gzip.compress(b"INSERT INTO seen (what) VALUES ('gz')"),
    "30-run.sh": '#!/bin/bash\npsql -U "$POSTGRES_USER" "$POSTGRES_DB" -c "INSERT INTO seen (what) VALUES (\'run\')"\n',
    "40-sourced.sh": '"${psql[@]}" -c "INSERT INTO seen (what) VALUES (\'sourced\')"\n',
    "50-alone.sh": "pg_isready -q -h localhost || "
    "docker_process_sql <<< \"INSERT INTO seen (what) VALUES ('nobody can connect yet')\"\n",
    "60-notes.txt": "not for the database",
}


@pytest.fixture(scope="module")
def postgres(start_shared: Start) -> Restarted:
    env = {
        "POSTGRES_USER": "app",
        "POSTGRES_PASSWORD_FILE": "/run/secrets/password",
        "POSTGRES_DB": "shop",
        "POSTGRES_INITDB_ARGS": "--data-checksums",
    }
    volume = {f"shipshape-test-{secrets.token_hex(8)}": "/var/lib/postgresql/data"}
    files = {f"/docker-entrypoint-initdb.d/{name}": text for name, text in INIT_POSTGRES.items()}
    files["/run/secrets/password"] = SECRET
    first = start_shared(POSTGRES, env=env, files=files, volume=volume)
    code = first.ready("pg_isready -h 127.0.0.1 -U app -d shop").stop()
    # As options alone, and without what only the first start asks for.
    second = start_shared(POSTGRES, "-c", "max_connections=33", volume=volume)
    return Restarted(log=first.logs(), code=code, server=second.ready("pg_isready -h 127.0.0.1 -U app -d shop"))


def query(server: Server, sql: str, options: str = "-U app -d shop", **environment: str) -> str:
    return server.ask(f'psql {options} -Atqc "$SQL"', SQL=sql, **environment)


def test_postgres_runs_the_init_folder_in_order_before_anybody_can_connect(postgres: Restarted) -> None:
    told = query(postgres.server, "SELECT string_agg(what, ',' ORDER BY at) FROM seen")
    assert told == "sql,gz,run,sourced,nobody can connect yet"
    assert "running /docker-entrypoint-initdb.d/30-run.sh" in postgres.log
    assert "sourcing /docker-entrypoint-initdb.d/40-sourced.sh" in postgres.log
    assert "ignoring /docker-entrypoint-initdb.d/60-notes.txt" in postgres.log
    assert "PostgreSQL init process complete; ready for start up." in postgres.log


def test_postgres_makes_nothing_twice(postgres: Restarted) -> None:
    assert "Skipping initialization" in postgres.server.logs()
    assert "running /docker-entrypoint-initdb.d" not in postgres.server.logs()


def test_postgres_stops_cleanly(postgres: Restarted) -> None:
    assert postgres.code == 0
    assert "received fast shutdown request" in postgres.log


def test_postgres_serves_as_its_own_user(postgres: Restarted) -> None:
    assert postgres.server.user == "999"


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("max_connections", "33"),
        ("data_checksums", "on"),
        ("listen_addresses", "*"),
        ("server_encoding", "UTF8"),
        ("data_directory", "/var/lib/postgresql/data"),
    ],
)
def test_postgres_is_set_up_as_asked(postgres: Restarted, setting: str, value: str) -> None:
    assert query(postgres.server, f"SHOW {setting}") == value


def test_postgres_sorts_as_people_do(postgres: Restarted) -> None:
    assert query(postgres.server, "SELECT string_agg(w, '' ORDER BY w) FROM (VALUES ('b'), ('A'), ('a')) t(w)") == "aAb"


def test_postgres_wants_the_password_over_the_network(postgres: Restarted) -> None:
    server, options = postgres.server, f"-h {postgres.server.address} -U app -d shop"
    assert query(server, "SELECT current_user", options, PGPASSWORD=SECRET) == "app"
    code, words = server.run(f"psql {options} -c 'SELECT 1'", PGPASSWORD="wrong")
    assert code
    assert "password authentication failed" in words


def test_postgres_brings_its_tools(postgres: Restarted) -> None:
    assert "COPY public.seen" in postgres.server.ask("pg_dump -U app -d shop")


def test_postgres_refuses_to_start_without_a_password(start: Start) -> None:
    code, log = start(POSTGRES).ended()
    assert code == 1
    assert "Database is uninitialized and superuser password is not specified" in log


def test_postgres_refuses_two_passwords(start: Start) -> None:
    code, log = start(POSTGRES, env={"POSTGRES_PASSWORD": "a", "POSTGRES_PASSWORD_FILE": "/etc/hostname"}).ended()
    assert code == 1
    assert "both POSTGRES_PASSWORD and POSTGRES_PASSWORD_FILE are set" in log


def test_a_broken_init_script_ends_postgres(start: Start) -> None:
    files = {"/docker-entrypoint-initdb.d/10.sql": "CREATE TABEL t (a int);"}
    code, log = start(POSTGRES, env={"POSTGRES_PASSWORD": "a"}, files=files).ended()
    assert code
    assert 'syntax error at or near "TABEL"' in log


def test_postgres_runs_as_any_user_and_trusts_if_asked(start: Start) -> None:
    # A user who has no name needs a folder that was nobody's before, and a role to ask for.
    env = {"POSTGRES_HOST_AUTH_METHOD": "trust", "PGDATA": "/var/lib/postgresql/data/own"}
    server = start(POSTGRES, "postgres", "-c", "fsync=off", user="1234:1234", env=env)
    server.ready("pg_isready -h 127.0.0.1 -U postgres")
    assert server.user == "1234"
    assert query(server, "SELECT current_database()", f"-h {server.address} -U postgres") == "postgres"


# --- mysql

INIT_MYSQL: dict[str, str | bytes] = {
    "10-table.sql": "CREATE TABLE seen (id int AUTO_INCREMENT PRIMARY KEY, what text);"
    "INSERT INTO seen (what) VALUES ('sql');",
    "20-more.sql.gz": gzip.compress(b"INSERT INTO seen (what) VALUES ('gz');"),
    "30-run.sh": '#!/bin/bash\nmysql -uroot -p"$MYSQL_ROOT_PASSWORD" "$MYSQL_DATABASE" '
    "-e \"INSERT INTO seen (what) VALUES ('run')\"\n",
    "40-sourced.sh": "docker_process_sql <<< \"INSERT INTO seen (what) VALUES ('sourced')\"\n",
    "50-alone.sh": "mysqladmin -h127.0.0.1 --protocol=tcp ping 2> /dev/null || "
    "docker_process_sql <<< \"INSERT INTO seen (what) VALUES ('nobody can connect yet')\"\n",
}
PING = "mysqladmin ping --protocol=tcp -h127.0.0.1 -uapp"


@pytest.fixture(scope="module")
def mysql_memory(engine: Engine) -> int:
    """The stand-in is content with less than the official image."""
    return 512 if stand_ins(engine, [MYSQL]) else 0


@pytest.fixture(scope="module")
def mysql(start_shared: Start, mysql_memory: int) -> Restarted:
    volume = {f"shipshape-test-{secrets.token_hex(8)}": "/var/lib/mysql"}
    files = {f"/docker-entrypoint-initdb.d/{name}": text for name, text in INIT_MYSQL.items()}
    files["/run/secrets/root"] = ROOT
    env = {
        "MYSQL_ROOT_PASSWORD_FILE": "/run/secrets/root",
        "MYSQL_DATABASE": "the_shop",
        "MYSQL_USER": "app",
        "MYSQL_PASSWORD": SECRET,
    }
    first = start_shared(MYSQL, memory=mysql_memory, env=env, files=files, volume=volume)
    first.ready(PING, MYSQL_PWD=SECRET)
    code = first.stop()
    settings = {"/etc/mysql/conf.d/own.cnf": "[mysqld]\nwait_timeout = 1234\n"}
    second = start_shared(MYSQL, "--max-connections=33", memory=mysql_memory, files=settings, volume=volume)
    return Restarted(log=first.logs(), code=code, server=second.ready(PING, MYSQL_PWD=SECRET))


def ask_mysql(server: Server, sql: str, *, user: str = "app", password: str = SECRET) -> str:
    command = f'mysql -h {server.address} -u {user} -Ns -e "$SQL" the_shop'
    return server.ask(command, SQL=sql, MYSQL_PWD=password)


def test_mysql_runs_the_init_folder_in_order_before_anybody_can_connect(mysql: Restarted) -> None:
    told = ask_mysql(mysql.server, "SELECT GROUP_CONCAT(what ORDER BY id) FROM seen")
    assert told == "sql,gz,run,sourced,nobody can connect yet"
    assert "MySQL init process done. Ready for start up." in mysql.log
    assert "init process" not in mysql.server.logs()


def test_mysql_stops_cleanly(mysql: Restarted) -> None:
    assert mysql.code == 0
    assert "Shutdown complete" in mysql.log


def test_mysql_serves_as_its_own_user(mysql: Restarted) -> None:
    assert mysql.server.user == "999"


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("SELECT @@max_connections", "33"),
        ("SELECT @@wait_timeout", "1234"),
        ("SELECT @@datadir", "/var/lib/mysql/"),
        ("SELECT @@performance_schema", "1"),
        ("SELECT DATE(CONVERT_TZ('2026-01-01 23:30:00', 'UTC', 'Europe/Berlin'))", "2026-01-02"),
        ("SELECT @@character_set_server", "utf8mb4"),
    ],
    ids=["option", "conf.d", "volume", "performance-schema", "time-zones", "charset"],
)
def test_mysql_is_set_up_as_asked(mysql: Restarted, sql: str, told: str) -> None:
    assert ask_mysql(mysql.server, sql) == told


def test_mysql_gives_the_user_its_own_database_and_no_more(mysql: Restarted) -> None:
    granted = ask_mysql(mysql.server, "SHOW GRANTS")
    assert r"ALL PRIVILEGES ON `the\_shop`.*" in granted.replace("\\\\", "\\")
    code, words = mysql.server.run("mysql -uapp -e 'SELECT user FROM mysql.user'", MYSQL_PWD=SECRET)
    assert code
    assert "denied" in words


def test_mysql_lets_root_in_over_the_network(mysql: Restarted) -> None:
    plugins = "SELECT DISTINCT plugin FROM mysql.user WHERE user IN ('root', 'app')"
    assert ask_mysql(mysql.server, plugins, user="root", password=ROOT) == "caching_sha2_password"


def test_mysql_brings_its_tools(mysql: Restarted) -> None:
    told = mysql.server.ask("mysqldump --no-tablespaces -uapp the_shop", MYSQL_PWD=SECRET)
    assert "INSERT INTO `seen`" in told


def test_mysql_refuses_to_start_without_a_password(start: Start, mysql_memory: int) -> None:
    code, log = start(MYSQL, memory=mysql_memory).ended()
    assert code == 1
    assert "Database is uninitialized and password option is not specified" in log


def test_mysql_names_an_option_that_it_does_not_know(start: Start, mysql_memory: int) -> None:
    # Tutorials still say it; MySQL 9 has neither the option nor the plugin.
    option, env = "--default-authentication-plugin=mysql_native_password", {"MYSQL_ALLOW_EMPTY_PASSWORD": "1"}
    code, log = start(MYSQL, option, memory=mysql_memory, env=env).ended()
    assert code
    assert "unknown variable 'default-authentication-plugin" in log


def test_mysql_makes_up_a_password_and_keeps_root_at_home(start: Start, mysql_memory: int) -> None:
    server = start(
        MYSQL, memory=mysql_memory, env={"MYSQL_RANDOM_ROOT_PASSWORD": "yes", "MYSQL_ROOT_HOST": "localhost"}
    )
    # Nobody but root is there, and root may not come over TCP: an open port is all that can be seen.
    server.ready("grep -q ' 00000000000000000000000000000000:0CEA ' /proc/net/tcp6")
    password = server.logs().partition("GENERATED ROOT PASSWORD: ")[2].splitlines()[0]
    told = server.ask("mysql -uroot -Ns -e \"SELECT host FROM mysql.user WHERE user = 'root'\"", MYSQL_PWD=password)
    assert told == "localhost"


# --- nginx

SITE = """server {
    listen 8080;
    location / { return 200 "${GREETING} from $host, ${UNSET_BY_US}\n"; }
    set $UNSET_BY_US nobody;
}"""


@pytest.fixture(scope="module")
def nginx(start_shared: Start) -> Server:
    return start_shared(
        NGINX,
        files={
            "/etc/nginx/templates/site.conf.template": SITE,
            "/usr/share/nginx/html/hello.html": "Hello from a file",
            "/docker-entrypoint.d/05-words.envsh": "#!/bin/sh\nexport GREETING=hello\n",
            "/docker-entrypoint.d/90-last.sh": "#!/bin/sh\necho own script ran, GREETING is $GREETING\n",
            "/docker-entrypoint.d/95-not.sh": "echo must not run\n",
        },
    ).ready("curl -fs localhost")


def test_nginx_fills_in_templates_with_what_is_set(nginx: Server) -> None:
    assert nginx.ask("curl -fs http://localhost:8080/") == "hello from localhost, nobody"


def test_nginx_runs_what_may_be_run(nginx: Server) -> None:
    assert "own script ran, GREETING is hello" in nginx.logs()
    assert "must not run" not in nginx.logs()


def test_nginx_serves_the_usual_folder_to_both_protocols(nginx: Server) -> None:
    assert nginx.ask("curl -fs http://localhost/hello.html") == "Hello from a file"
    assert nginx.ask("grep -c ':0050 .* 0A ' /proc/net/tcp /proc/net/tcp6").count(":1") == 2


def test_nginx_logs_to_the_two_streams(nginx: Server) -> None:
    nginx.ask("curl -s http://localhost/nowhere")
    assert '"GET /nowhere HTTP/1.1" 404' in nginx.logs(stderr=False)
    assert "nowhere" in nginx.logs(stdout=False)


def test_nginx_answers_as_user_101(nginx: Server) -> None:
    assert nginx.ask("id -u nginx; id -g nginx").split() == ["101", "101"]
    owners = nginx.ask("for each in /proc/[0-9]*; do if grep -qs ^nginx $each/comm; then stat -c %u $each; fi; done")
    assert set(owners.split()) == {"0", "101"}


def test_nginx_takes_a_mounted_configuration(start: Start) -> None:
    conf = "server { listen 80; location / { return 200 mine; } location = /proxied { proxy_pass http://127.0.0.1/; } }"
    server = start(NGINX, files={"/etc/nginx/conf.d/default.conf": conf}).ready("curl -fs localhost")
    assert server.ask("curl -fs http://localhost/proxied") == "mine"
    assert server.stop() == 0


@pytest.mark.parametrize(
    ("conf", "told"),
    [
        ("server { lsten 80; }", 'unknown directive "lsten"'),
        ("server { location / { proxy_pass http://nobody:5000; } }", "host not found in upstream"),
    ],
    ids=["misspelt", "nobody-there"],
)
def test_nginx_says_why_it_does_not_start(start: Start, conf: str, told: str) -> None:
    server = start(NGINX, files={"/etc/nginx/conf.d/default.conf": conf})
    assert server.ended()[0] == 1
    assert told in server.logs(stdout=False)


# --- redis


def test_redis_keeps_what_was_saved_when_it_was_stopped(start: Start) -> None:
    volume = {f"shipshape-test-{secrets.token_hex(8)}": "/data"}
    first = start(REDIS, volume=volume).ready("redis-cli ping | grep PONG")
    first.ask("redis-cli set word kept")
    assert first.user == "999"
    assert first.stop() == 0
    second = start(REDIS, volume=volume).ready("redis-cli ping | grep PONG")
    assert second.ask("redis-cli get word") == "kept"


@pytest.mark.parametrize(
    ("command", "setting", "value"),
    [
        ((), "protected-mode", "no"),
        (("redis-server", "--appendonly", "yes"), "appendonly", "yes"),
        (("--appendonly", "yes"), "protected-mode", "no"),
        (("redis-server", "/etc/own.conf"), "maxmemory", "1048576"),
        (("/etc/own.conf",), "protected-mode", "no"),
        (("sh", "-c", "redis-server --save 7 1"), "save", "7 1"),
        (("redis-server", "--protected-mode", "yes"), "protected-mode", "yes"),
        (("redis-server", "/etc/strict.conf"), "protected-mode", "yes"),
    ],
    ids=["plain", "option", "bare-option", "file", "bare-file", "by-a-shell", "protected", "protected-by-a-file"],
)
def test_redis_takes_options(start: Start, command: tuple[str, ...], setting: str, value: str) -> None:
    files = {"/etc/own.conf": "maxmemory 1mb\n", "/etc/strict.conf": "protected-mode yes\n"}
    server = start(REDIS, *command, files=files).ready("redis-cli ping | grep PONG")
    assert server.ask(f"redis-cli config get {setting}").splitlines() == [setting, value]
    network = server.ask(f"redis-cli -h {server.address} ping")
    assert network.startswith("DENIED" if value == "yes" and setting == "protected-mode" else "PONG")


def test_redis_tells_its_version(start: Start) -> None:
    code, log = start(REDIS, "redis-server", "--version").ended()
    assert code == 0
    assert "v=8." in log


def test_redis_wants_the_password(start: Start) -> None:
    server = start(REDIS, "redis-server", "--requirepass", SECRET).ready("redis-cli ping | grep NOAUTH")
    assert server.ask("redis-cli ping", REDISCLI_AUTH=SECRET) == "PONG"
    assert server.logs().strip()
