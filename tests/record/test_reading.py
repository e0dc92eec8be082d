"""What the recorders make of what the engine told them."""

import json

import pytest

from grader.sphinx.explorer_facts import Event, SignalRun, load
from tests.conftest import ROOT

from .__main__ import write
from .pid_1 import FORMS, SERVERS, command, program
from .port_mapping import shown
from .start_order import read


def log(*lines: tuple[float, str]) -> str:
    return "".join(f"2026-11-21T15:00:{at:09.6f}789Z {text}\n" for at, text in lines)


READY = "LOG:  database system is ready to accept connections"
START = 1795273200.0  # 2026-11-21T15:00:00Z


def told(events: tuple[Event, ...]) -> list[tuple[float, str]]:
    return [(event.at, event.what) for event in events]


def test_a_database_that_makes_its_folder_is_ready_the_second_time():
    database = log((1.0, READY), (2.0, "LOG:  received fast shutdown request"), (3.25, READY))
    app = log(
        (0.5, "starting"), (0.75, "no database: refused"), (1.25, "no database: refused"), (3.5, "the database answers")
    )

    events = read(database, app, start=START, end=None)

    assert told(events) == [
        (0.0, "db-started"),
        (0.5, "app-started"),
        (0.8, "refused"),
        (3.2, "db-ready"),
        (3.5, "met"),
    ]


def test_each_start_of_the_app_is_told_and_its_end():
    app = log((0.5, "starting"), (0.7, "no database: x"), (1.5, "starting"), (1.7, "no database: x"))

    events = read("", app, start=START, end=START + 1.8)

    assert [what for _, what in told(events)][1:] == ["app-started", "refused", "app-started", "refused", "given-up"]


@pytest.mark.parametrize(
    ("printed", "address", "page"),
    [
        (
            "curl: (7) Failed to connect to 127.0.0.1 port 23456 after 12 ms: Couldn't connect to server",
            "127.0.0.1",
            "curl: (7) Failed to connect to 127.0.0.1 port 8080 after 0 ms: Couldn't connect to server",
        ),
        (
            "curl: (7) Failed to connect to 10.1.2.3 port 23456 after 0 ms: Couldn't connect to server",
            "10.1.2.3",
            "curl: (7) Failed to connect to 192.168.1.20 port 8080 after 0 ms: Couldn't connect to server",
        ),
    ],
)
def test_an_output_has_the_ports_and_the_address_of_the_page(printed, address, page):
    assert shown(printed, address, 23456, 23457) == page


@pytest.mark.parametrize(
    ("args", "name"),
    [
        ("/usr/local/bin/python3.13 /usr/local/bin/flask --app app run", "flask"),
        ("python -m http.server 8000", "http.server"),
        ("/sbin/docker-init -- flask run", "docker-init"),
        ("sh boot.sh", "sh"),
        ("python", "python"),
    ],
)
def test_a_program_is_told_by_its_own_name(args, name):
    assert program(args) == name


@pytest.mark.parametrize("form", FORMS)
def test_each_form_is_what_a_builder_makes_of_it(form):
    options, words = command(form, "gunicorn")
    assert (words[0] == "/bin/sh") == (not form.startswith("exec"))
    assert ("exec gunicorn" in " ".join(words)) == (form in {"shell-exec", "script-exec"})
    assert options == (("--init",) if form.endswith("init") else ())
    assert SERVERS["gunicorn"].split()[-1] in " ".join(words)


def test_a_record_is_read_as_it_was_written(tmp_path):
    _, record = load(ROOT, "pid-1")
    write(tmp_path / "pid-1.json", record)
    lines = (tmp_path / "pid-1.json").read_text().splitlines()

    assert len(lines) == len(record.runs) + 2
    assert isinstance(record.runs[0], SignalRun)
    assert json.loads("\n".join(lines))["day"] == record.day
