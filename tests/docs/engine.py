"""The engine as the page tests see it: is a thing there, and take away what a page made."""

import subprocess
from collections.abc import Iterable, Iterator

from .belongings import Thing

ANSWER_LIMIT = 120.0
FORCE = {"container": ("--force", "--volumes")}


def docker(*words: str) -> subprocess.CompletedProcess[str]:
    """Ask the engine; a failure is the caller's to judge."""
    return subprocess.run(
        ["docker", *words], capture_output=True, text=True, timeout=ANSWER_LIMIT, stdin=subprocess.DEVNULL
    )


def is_there(thing: Thing) -> bool:
    return docker(thing.kind, "inspect", thing.name).returncode == 0


def image_id(thing: Thing) -> str:
    """The id behind an image's name, or nothing."""
    return docker("image", "inspect", "--format", "{{.Id}}", thing.name).stdout.strip()


def of_project(name: str) -> tuple[str, ...]:
    """What a Compose project has on the engine, by short description."""
    return tuple(f"{kind} {found}" for kind, listing in _listings(name) for found in docker(*listing).stdout.split())


def _listings(project: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    label = ("--filter", f"label=com.docker.compose.project={project}")
    yield "container", ("ps", "-aq", *label)
    yield "network", ("network", "ls", "-q", *label)
    yield "volume", ("volume", "ls", "-q", *label)
    yield "image", ("image", "ls", "-q", *label)


def remove(things: Iterable[Thing], image_ids: Iterable[str], projects: Iterable[str]) -> tuple[str, ...]:
    """Remove what is still there; return a line for each thing that would not go."""
    own = sorted(set(things))
    ids = tuple(image_ids)
    for name in projects:
        for kind, listing in _listings(name):
            _remove_found(kind, listing)
    for image in ids:
        _remove_found("container", ("ps", "-aq", "--filter", f"ancestor={image}"))
    for kind in ("container", "image", "network", "volume"):
        for thing in own:
            if thing.kind == kind and is_there(thing):
                docker(kind, "rm", *FORCE.get(kind, ()), thing.name)
    for image in ids:
        # Without --force this fails, as it must, where another name or container uses the same image.
        if docker("image", "inspect", "--format", "{{.RepoTags}}", image).stdout.strip() == "[]":
            docker("image", "rm", image)
    return tuple(f"{thing} is still there" for thing in own if is_there(thing))


def _remove_found(kind: str, listing: tuple[str, ...]) -> None:
    if found := docker(*listing).stdout.split():
        docker(kind, "rm", *FORCE.get(kind, ()), *found)
