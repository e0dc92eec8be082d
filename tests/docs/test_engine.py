"""What pages make on a real engine is cleared away; what others made is left alone."""

import secrets
import subprocess

import pytest

from .sample import page

pytestmark = pytest.mark.docker
LISTINGS = {
    "container": ["docker", "ps", "-a", "--format", "{{.Names}}"],
    "image": ["docker", "image", "ls", "--format", "{{.Repository}}"],
    "network": ["docker", "network", "ls", "--format", "{{.Name}}"],
    "volume": ["docker", "volume", "ls", "--format", "{{.Name}}"],
}


@pytest.fixture
def name():
    """A name that nothing on the engine has yet."""
    return f"shipshape-test-{secrets.token_hex(6)}"


def left_of(name):
    """Everything on the engine whose name holds this word."""
    return [
        f"{kind} {found}"
        for kind, listing in LISTINGS.items()
        for found in subprocess.run(listing, capture_output=True, text=True, check=True).stdout.split()
        if name in found
    ]


def image(folder, *lines):
    """The commands that make a folder with a Dockerfile; `FROM scratch` needs no base image."""
    return [f"$ mkdir ../{folder} && cd ../{folder}", *(f"$ echo '{line}' >> Dockerfile" for line in lines)]


def test_what_a_page_made_is_gone_after_a_failure(course, name):
    listed = "{{.Names}}"
    block = [
        *image(name, "FROM scratch", "COPY Dockerfile /"),
        f"$ docker build -t {name} .",
        "...",
        f"$ docker network create {name}",
        "...",
        f"$ docker create --name {name} --network {name} -v {name}:/data {name} /none",
        "...",
        f"$ docker create {name} /none",
        "...",
        "$ echo LABEL a=b >> Dockerfile",
        f"$ docker build -t {name} .",
        "...",
        f"$ docker ps -a --filter name={name} --format '{listed}'",
        name,
        f"$ docker image inspect --format '{{{{.Id}}}}' {name} && false",
        "sha256:...",
    ]
    done = course(page(block))
    assert done.returncode == 1
    assert "ended with exit code 1, the page says 0\nit printed:\nsha256:" in done.stdout
    assert left_of(name) == []


def test_what_a_compose_project_made_is_gone(course, name):
    project = '{"services": {"web": {"build": ".", "volumes": ["data:/data"]}}, "volumes": {"data": {}}}'
    block = [
        *image(name, "FROM scratch", "COPY Dockerfile /", 'CMD ["/none"]'),
        f"$ echo '{project}' > compose.yaml",
        "$ docker compose create --build",
        "...",
        "$ docker compose ps -aq | wc -l",
        "1",
    ]
    done = course(page(block))
    assert done.returncode == 0, done.stdout
    assert left_of(name) == []


def test_a_page_does_not_touch_what_was_there_before(course, name):
    subprocess.run(["docker", "volume", "create", name], check=True, capture_output=True)
    try:
        done = course(page([f"$ docker volume create {name}", name], ["$ true"]))
        assert done.returncode == 1
        assert f"the engine already has a volume {name}" in done.stdout
        assert left_of(name) == [f"volume {name}"]
    finally:
        subprocess.run(["docker", "volume", "rm", name], check=True, capture_output=True)


def test_a_page_that_would_leave_a_nameless_container_is_not_begun(course, name):
    done = course(page(["$ echo begun", "begun"], [f"$ docker run {name} true"]))
    assert done.returncode == 1
    assert f"line 12: `docker run` of {name} would leave a nameless container" in done.stdout
    assert "0 run" in done.stdout
