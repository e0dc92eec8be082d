"""Looks for what a container missed when it started, in the image itself: often it is there, in another place."""

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePosixPath

from grader.facts import Contents, ImageFacts

PROGRAM = re.compile(r'exec: \\?"(?P<name>[^"\\/]+)\\?".*executable file not found')
MODULE = re.compile(r"No module named '?(?P<name>\w+)(?:'|$)", re.MULTILINE)
COMMAND = re.compile(r"^(?:/bin/sh -c #\(nop\) +)?CMD +(?P<command>.+?)(?: # buildkit)?$")
# Where virtual environments and users' own packages are made; the folders of the base image hold what it came with.
PLACES = ("/opt", "/app", "/venv", "/srv", "/usr/src", "/home", "/root/.local", "/usr/lib/python3", "/usr/local/lib")

Look = Callable[[Sequence[str]], Contents]


def of_image(image: ImageFacts, files: Sequence[str], facts: Mapping[str, str], look: Look) -> dict[str, str]:
    """More facts of a start that failed: what the image holds elsewhere, what hides what, which command was replaced.

    :param facts: what is known of the start
    :param look: what the image holds at some paths
    """
    return _found_at(image, files, facts, look) | _shadowed(files) | _replaced(image)


def _found_at(image: ImageFacts, files: Sequence[str], facts: Mapping[str, str], look: Look) -> dict[str, str]:
    """Where that lies which was not found: a program, a script that was handed in, or a module."""
    fact, places = "found_at", dict.fromkeys(PLACES)
    if program := PROGRAM.search(facts.get("refused", "")):
        name = program["name"]
        ending = re.compile(rf"/bin/{re.escape(name)}$")
        if any(PurePosixPath(each).name == name for each in files):
            fact, ending, places = "script_at", re.compile(rf"/{re.escape(name)}$"), places | {f"/{name}": None}
    elif module := MODULE.search(facts.get("logs", "")):
        ending = re.compile(rf"/(?:site|dist)-packages/{re.escape(module['name'])}(?:/__init__)?\.py$")
    else:
        return {}
    if image.workdir not in ("", "/"):
        places[image.workdir] = None
    found = next((file.path for file in look(list(places)).files if ending.search(file.path)), "")
    return {fact: found.removesuffix("/__init__.py")} if found else {}


def _shadowed(files: Sequence[str]) -> dict[str, str]:
    """A module that is there both as a file and as a folder: Python takes the folder."""
    modules = {name.removesuffix(".py") for name in files if name.endswith(".py") and "/" not in name}
    found = next((name for name in sorted(modules) if any(each.startswith(f"{name}/") for each in files)), "")
    return {"shadowed": found} if found else {}


def _replaced(image: ImageFacts) -> dict[str, str]:
    """An earlier CMD of the same Dockerfile, which the last one took the place of."""
    commands = [found["command"] for line in image.history if (found := COMMAND.match(line))]
    return {"replaced": commands[1]} if len(commands) > 1 and commands[0] != commands[1] else {}
