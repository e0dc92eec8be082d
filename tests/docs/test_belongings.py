"""What a page makes on the engine is read off its commands."""

import pytest

from .belongings import Thing, calls, lost, made, project


@pytest.mark.parametrize(
    ("command", "things"),
    [
        pytest.param("docker run -d -p 8080:5000 --name hello hello", ["container hello"], id="run"),
        pytest.param("sudo docker run --name=a --rm x", ["container a"], id="sudo-equals"),
        pytest.param("DOCKER_BUILDKIT=1 docker build -t hello .", ["image hello"], id="variable"),
        pytest.param("docker container create --name a x", ["container a"], id="container-create"),
        pytest.param("docker build --tag a:1 \\\n  --tag=b .", ["image a:1", "image b"], id="two-tags"),
        pytest.param("cd x && docker buildx build -t a .", ["image a"], id="buildx"),
        pytest.param("docker tag a b:2", ["image b:2"], id="tag"),
        pytest.param("docker commit a c", ["image c"], id="commit"),
        pytest.param("docker rename a b", ["container b"], id="rename"),
        pytest.param("docker network create --internal net", ["network net"], id="network"),
        pytest.param("docker volume create data", ["volume data"], id="volume"),
        pytest.param("docker run --name a -v data:/d -v /tmp:/t -v ./x:/x y", ["container a", "volume data"], id="-v"),
        pytest.param("docker run --rm --mount type=volume,source=v,target=/d x", ["volume v"], id="mount"),
        pytest.param("docker run --rm --mount type=bind,source=/v,target=/d x", [], id="bind"),
        pytest.param("docker rm hello; docker image rm hello", [], id="removal"),
        pytest.param('docker build -t "$NAME" .', [], id="unknown-name"),
        pytest.param("echo docker run --name a x", [], id="only-said"),
    ],
)
def test_made(command, things):
    assert sorted(map(str, made(command))) == things


@pytest.mark.parametrize(
    "command",
    [
        pytest.param("docker run --rm debian:trixie-slim true", id="removes-itself"),
        pytest.param("docker run -d --name a debian:trixie-slim", id="named"),
        pytest.param("docker run -d -p 8080:80 -e X=1 own", id="of-its-own-image"),
        pytest.param("docker exec a ls", id="exec"),
    ],
)
def test_nothing_is_lost(command):
    assert lost(command, [Thing(kind="image", name="own")]) == ""


@pytest.mark.parametrize(
    "command",
    [
        pytest.param("docker run debian:trixie-slim true", id="stays-stopped"),
        pytest.param("docker run -d --rm -p 8080:80 debian:trixie-slim", id="runs-on"),
        pytest.param("docker create --label a=b debian:trixie-slim", id="create"),
    ],
)
def test_a_nameless_container_of_a_shared_image_is_refused(command):
    assert "debian:trixie-slim would leave a nameless container" in lost(command, [])


@pytest.mark.parametrize(
    ("command", "file", "expected"),
    [
        pytest.param("docker compose up -d", "", "myapp", id="folder"),
        pytest.param("docker compose -p other up", "", "other", id="option"),
        pytest.param("docker compose -f x.yaml --project-name=other up", "", "other", id="long-option"),
        pytest.param("docker compose run -p 8080:80 web", "", "myapp", id="a-later-p-is-a-port"),
        pytest.param("docker compose up", "services: {}\nname: named\n", "named", id="file"),
    ],
)
def test_the_compose_project(command, file, expected, tmp_path):
    folder = tmp_path / "My.App"
    folder.mkdir()
    if file:
        (folder / "compose.yaml").write_text(file)
    (call,) = calls(command)
    assert project(call, folder) == expected
