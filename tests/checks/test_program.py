"""Which program a process runs: command lines as the kernel showed them, of real servers in real containers."""

import pytest

from grader.checks import program

PYTHON = "/usr/local/bin/python3.13"


@pytest.mark.parametrize(
    ("command", "names"),
    [
        ("gunicorn: master [app:app]", ["gunicorn"]),
        ("gunicorn: worker [blog]", ["gunicorn"]),
        ("/opt/plain/bin/python /opt/plain/bin/gunicorn -b 0.0.0.0:5000 -w 2 app:app", ["gunicorn"]),
        ("/opt/plain/bin/python -m gunicorn -b 0.0.0.0:5000 app:app", ["gunicorn"]),
        ("python -m gunicorn.app.wsgiapp app:app", ["gunicorn"]),
        ("/usr/bin/python3 /usr/bin/gunicorn3 app:app", ["gunicorn3", "gunicorn"]),
        (f"{PYTHON} /usr/local/bin/flask --app app run --debug --host 0.0.0.0", ["flask"]),
        ("python -um flask run --host=0.0.0.0", ["flask"]),
        ("python app.py", ["app.py", "python"]),
        ("python -u -X dev -W ignore app.py", ["app.py", "python"]),
        ("python3 ./serve --port 80", ["serve", "python"]),
        ("python -c from waitress import serve; serve(app, port=8080)", ["python"]),
        (f"{PYTHON} -c from multiprocessing.spawn import spawn_main; spawn_main(tracker_fd=5)", ["python"]),
        ("python3", ["python"]),
        ("python -m", ["python"]),
        ("python -X", ["python"]),
        (f"{PYTHON} /usr/local/bin/waitress-serve --port 8080 app:app", ["waitress-serve", "waitress"]),
        ("python -m waitress app:app", ["waitress", "waitress-serve"]),
        (f"{PYTHON} /usr/local/bin/uvicorn --interface wsgi app:app", ["uvicorn"]),
        (f"{PYTHON} /usr/local/bin/hypercorn app:app", ["hypercorn"]),
        ("/usr/bin/python3 /usr/bin/supervisord -n", ["supervisord"]),
        ("uwsgi --plugin python3 --http-socket :5000 --module app:app --master", ["uwsgi"]),
        ("uwsgi-core --ini app.ini", ["uwsgi-core", "uwsgi"]),
        ("/opt/venv/bin/python /opt/venv/bin/pyuwsgi --ini app.ini", ["pyuwsgi", "uwsgi"]),
        ("/usr/bin/uwsgi_python313 --ini app.ini", ["uwsgi_python313", "uwsgi_python", "uwsgi"]),
        ("uWSGI master", ["uwsgi"]),
        ("blog uWSGI worker 2", ["uwsgi"]),
        ("nginx: master process nginx -g daemon off;", ["nginx"]),
        ("nginx: worker process", ["nginx"]),
        ("postgres: checkpointer ", ["postgres"]),
        ("[celeryd: celery@web:MainProcess] -active- (worker)", ["celeryd"]),
        ("php-fpm8.2", ["php-fpm8.2", "php-fpm"]),
        ("tini -- gunicorn -b 0.0.0.0:5000 app:app", ["tini"]),
        ("/sbin/docker-init -- gunicorn app:app", ["docker-init"]),
        ("sh -c cd /app && flask run --host 0.0.0.0", ["sh"]),
        ("/bin/sh -ec flask run", ["sh"]),
        ("/bin/sh /boot.sh", ["boot.sh", "sh"]),
        ("/bin/bash -o pipefail ./boot.sh --now", ["boot.sh", "bash"]),
        ("bash --norc -euxo pipefail", ["bash"]),
        ("-bash", ["bash"]),
        ("sleep infinity", ["sleep"]),
        ("", []),
        ("node /app/server.js", ["server.js", "node"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_program_has_names(command: str, names: list[str]) -> None:
    assert list(program.names(command)) == names


@pytest.mark.parametrize(
    ("command", "shell"),
    [
        ("sh -c flask run", True),
        ("/bin/sh /b.sh", True),
        ("-bash", True),
        ("/usr/bin/zsh", True),
        ("busybox sh -c x", True),
        ("gunicorn: master [sh]", False),
        ("python sh.py", False),
        ("/usr/bin/python3 /usr/bin/supervisord", False),
    ],
    ids=str,
)
def test_a_shell_is_known(command: str, shell: bool) -> None:
    assert program.is_shell(command) == shell


@pytest.mark.parametrize(
    ("command", "signals_all"),
    [
        ("tini -- sh -c gunicorn app:app", False),
        ("/usr/bin/tini -g -- sh -c gunicorn app:app", True),
        ("tini -vg sh boot.sh", True),
        ("tini -p SIGTERM -g -- sh boot.sh", True),
        ("tini -- gunicorn -g 1000 app:app", False),
        ("dumb-init sh boot.sh", True),
        ("dumb-init --single-child sh boot.sh", False),
        ("dumb-init -c -- sh boot.sh", False),
        ("/sbin/docker-init -- sh boot.sh", False),
        ("sh -g boot.sh", False),
    ],
    ids=str,
)
def test_an_init_that_signals_all_is_known(command: str, signals_all: bool) -> None:
    assert program.signals_all(command) == signals_all


def test_a_long_command_line_is_cut_before_it_is_read() -> None:
    assert program.names("python " + "-u " * 1_000_000 + "/usr/bin/flask run") == ("python",)
    assert program.names("x" * 3_000_000) == ("x" * program.LINE_LIMIT,)


def test_what_has_ended_is_known() -> None:
    assert program.is_dead("[gunicorn] <defunct>")
    assert not program.is_dead("gunicorn: worker [app:app]")
