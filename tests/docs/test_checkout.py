"""What the shell of a page starts from."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from . import checkout


def test_the_copy_holds_what_git_tracks_or_would(tmp_path):
    root = tmp_path / "root"
    (root / ".venv").mkdir(parents=True)
    for name in (".gitignore", "tracked", "untracked", "ignored", "gone"):
        (root / name).write_text(".venv/\nignored\n")
    (root / "script").symlink_to("tracked")
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    subprocess.run(["git", "add", "tracked", "gone", "script"], cwd=root, check=True)
    (root / "gone").unlink()
    (root / "tracked").chmod(0o755)

    copy = checkout.copy(root, tmp_path)

    assert copy == tmp_path / "shipshape"
    assert {path.name for path in copy.iterdir()} == {".gitignore", ".venv", "tracked", "untracked", "script"}
    assert os.access(copy / "tracked", os.X_OK)
    assert (copy / "script").readlink() == Path("tracked")
    assert (copy / ".venv").resolve() == root / ".venv"


def test_the_environment_reaches_the_engine_and_nothing_personal(tmp_path, monkeypatch):
    kept = {
        "https_proxy": "http://proxy:3128",
        "PIP_CERT": "/ca",
        "SSL_CERT_FILE": "/ca",
        "DOCKER_HOST": "tcp://h",
    }
    left = {"CI": "true", "VIRTUAL_ENV": "/venv", "AWS_SECRET_ACCESS_KEY": "s", "PYTHONPATH": "/x"}
    for name, value in {**kept, **left}.items():
        monkeypatch.setenv(name, value)
    variables = checkout.environment(tmp_path / "home")
    assert variables.items() >= kept.items()
    assert not variables.keys() & left.keys()
    assert variables["HOME"] == str(tmp_path / "home")


@pytest.mark.skipif(sys.prefix == sys.base_prefix, reason="the tests run outside a virtual environment")
def test_the_virtual_environment_of_the_tests_is_not_on_the_path(tmp_path, monkeypatch):
    own = os.path.join(sys.prefix, "bin")
    monkeypatch.setenv("PATH", f"{own}{os.pathsep}/usr/bin")
    assert checkout.environment(tmp_path / "home")["PATH"] == "/usr/bin"


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        pytest.param("docker run -p 8080:5000 hello", "docker run -p 23456:5000 hello", id="publish"),
        pytest.param("docker run -dp 127.0.0.1:8080:8080 x", "docker run -dp 127.0.0.1:23456:8080 x", id="address"),
        pytest.param("docker run --publish=8080:80 x", "docker run --publish=23456:80 x", id="long"),
        pytest.param("docker run \\\n    -p 8080:80 x", "docker run \\\n    -p 23456:80 x", id="continued"),
        pytest.param("curl http://localhost:8080/", "curl http://localhost:23456/", id="curl"),
        pytest.param("curl 127.0.0.1:8080 | cat", "curl 127.0.0.1:23456 | cat", id="pipe"),
        pytest.param("docker exec x curl localhost:8080", "docker exec x curl localhost:8080", id="inside"),
        pytest.param("docker run x --port 8080", "docker run x --port 8080", id="argument"),
        pytest.param("echo 8080 18080 localhost:80801", "echo 8080 18080 localhost:80801", id="other-numbers"),
    ],
)
def test_only_the_port_of_the_host_is_swapped(command, expected):
    assert checkout.with_port(command, 23456) == expected


def test_the_output_is_swapped_back():
    assert checkout.without_port("0.0.0.0:23456->5000/tcp 1234567", 23456) == "0.0.0.0:8080->5000/tcp 1234567"


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        pytest.param("docker run -p 127.0.0.1:8080:5000 hello", True, id="run"),
        pytest.param("docker run -p 8081:8080 hello", False, id="another"),
        pytest.param("curl localhost:8080", False, id="curl"),
        pytest.param("docker compose up -d", True, id="compose"),
    ],
)
def test_which_commands_publish(command, expected):
    assert checkout.publishes(command) is expected


def test_a_free_port_can_be_bound_and_is_not_handed_out_by_the_kernel():
    assert 20000 <= checkout.free_port() < 30000


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param('      - "127.0.0.1:8080:5000"', '      - "127.0.0.1:23456:5000"', id="address"),
        pytest.param("      - 8080:8080", "      - 23456:8080", id="host-side-alone"),
        pytest.param('      - "5000:8080"', '      - "5000:8080"', id="container-side"),
        pytest.param("      PORT: 8080", "      PORT: 8080", id="variable"),
    ],
)
def test_a_compose_file_is_swapped_in_its_lists_of_ports(line, expected):
    assert checkout.composed(line, 23456) == expected
