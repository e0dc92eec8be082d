"""Whether a submission's lists pin every package that its container holds."""

import json
import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from random import Random

from grader.checks.base import Subject
from grader.checks.python import Failed

LISTING = """\
import importlib.metadata, json
print(json.dumps([[each.metadata["Name"], each.version] for each in importlib.metadata.distributions()]))
"""
INSTALLERS = frozenset({"pip", "setuptools", "wheel", "uv"})  # no part of the app, whatever their version
REQUIREMENT = re.compile(r"(?P<name>[A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*(?P<rest>[^;]*)")
EXACT = re.compile(r"===?\s*(?P<version>[^\s,*]+)")
HASHES = re.compile(r"\s--hash[= ]\S+")
ASKED = "docker run --rm {} pip freeze"


def every_package_is_pinned(subject: Subject, random: Random) -> None:
    """Each installed distribution stands in a list that was handed in, with its very version."""
    installed = _installed(subject)
    if not installed:
        raise Failed(
            expected="Flask, at least", got="no Python package is installed", facts={"fault": "not-in-the-lock"}
        )
    listed: dict[str, set[str]] = {}
    for name, version in _listed(subject):
        listed.setdefault(name, set()).add(version)
    missing = [name for name in installed if _plain(name) not in listed]
    loose = [
        name
        for name, version in installed.items()
        if _plain(name) in listed and _short(version) not in listed[_plain(name)]
    ]
    for fault, names in (("not-pinned", loose), ("not-in-the-lock", missing)):
        if names:
            raise Failed(
                asked=ASKED.format(subject.name),
                expected="\n".join(f"{name}=={installed[name]}" for name in names),
                got="\n".join(f"{name}: {_said(listed.get(_plain(name)))}" for name in names),
                facts={"fault": fault},
            )


def _said(versions: set[str] | None) -> str:
    if versions is None:
        return "in none of your lists"
    pins = sorted(version for version in versions if version)
    return f"pinned to {', '.join(pins)}" if pins else "listed without =="


def _installed(subject: Subject) -> dict[str, str]:
    """Name and version of what the app's Python can import; the first Python that answers is taken for it."""
    first = [process.command.split()[0] for process in subject.processes() if process.command.split()]
    own = [word for word in first if PurePosixPath(word).name.startswith("python")]
    for python in dict.fromkeys([*own, "python", "python3"]):
        done = subject.execute([python, "-c", LISTING], timeout=20)
        if done.exit_code == 0:
            break
    else:
        raise Failed(expected="a Python that tells which packages it has", got=done.stderr or "none")
    try:
        found = {str(name): str(version) for name, version in json.loads(done.stdout)}
    except (TypeError, ValueError) as error:  # a sitecustomize of the student's may print what it likes
        raise Failed(expected="a list of packages", got=done.stdout) from error
    return {name: found[name] for name in sorted(found, key=str.lower) if _plain(name) not in INSTALLERS}


def _listed(subject: Subject) -> Iterator[tuple[str, str]]:
    """Each package in a list of requirements or constraints, with its exact version, or nothing where it has none."""
    for path, content in subject.files.items():
        if not path.endswith(".txt"):
            continue
        text = content.decode("utf-8", "replace").replace("\\\r\n", " ").replace("\\\n", " ")
        for line in text.splitlines():
            found = REQUIREMENT.fullmatch(re.sub(r"(^|\s)#.*", "", HASHES.sub("", line)).partition(";")[0].strip())
            if found:
                exact = EXACT.fullmatch(found["rest"].strip())
                yield _plain(found["name"]), _short(exact["version"]) if exact else ""


def _plain(name: str) -> str:
    """A package's name as the index compares names."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _short(version: str) -> str:
    """A version without zeros at its end: 3.1 is 3.1.0."""
    return re.sub(r"(?:\.0)+$", "", version.lower())
