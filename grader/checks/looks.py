"""The looks of an `image` check that go into the image's files and history: its users, its secrets, its paths."""

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from grader.checks import credentials, inside
from grader.checks.base import Subject
from grader.facts import Contents

SHOWN = 5  # paths in a report
CACHE = re.compile(r"^/var/lib/apt/lists\b|^/var/cache/apt\b|/\.cache\b")  # what installers leave behind


@dataclass(frozen=True, kw_only=True)
class Look:
    """One assertion, looked at: `fault` is its name where what is there is not what was expected."""

    expected: str
    got: str
    fault: str
    asked: str = ""  # where the image's record does not show it
    facts: dict[str, str] = field(default_factory=dict)


def user(subject: Subject) -> Look:
    """Whether the user is root under any name: by number, or by what the image's own list of users says."""
    named = subject.image.user
    name = named.partition(":")[0]
    root = name in ("", "root") or (name.isdecimal() and int(name) == 0)
    if not root and not name.isdecimal():
        entry = re.compile(rb"(?m)^" + re.escape(name.encode()) + rb":[^:\n]*:0+:")
        root = any(file.found for file in subject.contents(["/etc/passwd"], patterns=[entry]).files)
    there = named or "root (no USER instruction)"
    return Look(expected="a user other than root", got=there, fault="root" if root else "")


def secrets(subject: Subject) -> Look:
    """Whether a credential stands in the image's variables, or in the instructions that made it."""
    image = subject.image
    names = [f"ENV {name}" for name in credentials.in_environment(image.environment, image.base_environment)]
    kept = {name.removeprefix("ENV ") for name in names}
    # A variable is an instruction as well: it is told once.
    names += [name for name in credentials.in_history(image.history) if name not in kept]
    return _secret(_history(subject), names)


def secret_texts(subject: Subject, texts: Sequence[str], paths: Sequence[str]) -> Iterator[Look]:
    """Whether one of the texts stands in the image's variables or history, or in a file under one of the paths."""
    image = subject.image
    for place, lines in (("ENV", image.environment), ("its history", image.history)):
        held = any(text in line for text in texts for line in lines)
        yield _secret(_history(subject), [f"a text of {place}"] if held else [])
    found = subject.contents(paths, patterns=[re.compile(re.escape(text.encode())) for text in texts])
    asked = f'docker run --rm --entrypoint grep {subject.name} -rlF "$SECRET" {" ".join(paths)}'
    yield _secret(asked, [file.path for file in found.files if file.found])
    yield _whole(found)


def paths(subject: Subject, present: Sequence[str], absent: Sequence[str]) -> Iterator[Look]:
    """Whether the image holds what it must, and nothing of what it must not."""
    places = list(dict.fromkeys(map(inside.where, (*present, *absent))))
    found = subject.contents(places)
    there = [file.path for file in found.files]
    for pattern in present:
        fault = "" if any(inside.matches(pattern, there)) else "absent"
        asked, facts = _ls(subject, pattern), {"path": pattern}
        yield Look(asked=asked, expected=pattern, got="not there", fault=fault, facts=facts)
    suspects = [pattern for pattern in absent if inside.offending(pattern, found.files, ())]
    base = subject.image.base
    own = subject.contents(places, image=base).files if suspects and base else ()
    for pattern in suspects:
        if held := inside.offending(pattern, found.files, own):
            fault = "cache" if CACHE.search(held[0]) else "present"
            asked, facts = _ls(subject, held[0]), {"path": held[0]}
            yield Look(asked=asked, expected=f"no {pattern}", got=_listed(held), fault=fault, facts=facts)
    yield _whole(found)


def _secret(asked: str, found: Sequence[str]) -> Look:
    # The value itself has no place in a report, which others read.
    shown = _listed(list(dict.fromkeys(found)))
    facts = {"secret": shown}
    return Look(asked=asked, expected="no secret in the image", got=shown, fault="secret" if found else "", facts=facts)


def _whole(found: Contents) -> Look:
    got = f"more than the {len(found.files):,} that were looked through"
    fault = "" if found.complete else "too-much"
    return Look(expected="files that can be looked through", got=got, fault=fault)


def _history(subject: Subject) -> str:
    return f"docker history --no-trunc {subject.name}"


def _ls(subject: Subject, path: str) -> str:
    place = inside.where(path)
    if place == path:
        return f"docker run --rm --entrypoint ls {subject.name} -Ad {shlex.quote(path)}"
    return f"docker run --rm --entrypoint find {subject.name} {shlex.quote(place)}"


def _listed(found: Sequence[str]) -> str:
    return ", ".join(found[:SHOWN]) + (f" and {len(found) - SHOWN} more" if len(found) > SHOWN else "")
