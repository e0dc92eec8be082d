"""What a page makes on the engine, found by the names in its own commands; nothing else is touched."""

import re
import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

SEPARATORS = re.compile(r"[|;&()<>]+")
ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=")
COMPOSE_FILES = ("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml")
COMPOSE_FLAGS = frozenset({"--all-resources", "--compatibility", "--dry-run"})
PROJECT_NAME = re.compile(r"^name: *[\"']?([a-z0-9][a-z0-9_-]*)", re.MULTILINE)
# The options of `docker run` that stand alone; all others take the word after them.
FLAGS = frozenset(
    {"-d", "--detach", "-i", "--interactive", "-t", "--tty", "-it", "-ti", "-dit", "--rm", "--init"}
    | {"-P", "--publish-all", "--privileged", "--read-only", "--no-healthcheck", "--oom-kill-disable"}
    | {"-q", "--quiet"}
)


@dataclass(frozen=True, kw_only=True, order=True)
class Thing:
    """A named thing on the engine; `kind` is docker's own word for it."""

    kind: str  # container, image, network, volume
    name: str

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


@dataclass(frozen=True, kw_only=True)
class Call:
    """One `docker` command: its subcommand, and the words after it."""

    verb: str
    words: tuple[str, ...]

    def options(self, *names: str) -> Iterator[str]:
        """The values given to an option, in any of its spellings."""
        for word, following in zip(self.words, (*self.words[1:], ""), strict=True):
            if word in names:
                yield following
            for name in names:
                if name.startswith("--") and word.startswith(f"{name}="):
                    yield word.removeprefix(f"{name}=")

    def positional(self) -> tuple[str, ...]:
        """The words from the first that is no option on: for `run`, the image and its command."""
        words = iter(self.words)
        for word in words:
            if not word.startswith("-"):
                return (word, *words)
            if word not in FLAGS and "=" not in word:
                next(words, "")
        return ()


def calls(command: str) -> Iterator[Call]:
    """The `docker` commands in a command line."""
    lexer = shlex.shlex(command.replace("\\\n", " "), posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    lexer.commenters = ""
    words: list[str] = []
    for word in (*lexer, ";"):
        if not SEPARATORS.fullmatch(word):
            words.append(word)
            continue
        while words and (words[0] == "sudo" or ASSIGNMENT.match(words[0])):
            words = words[1:]
        if len(words) > 1 and words[0] == "docker":
            yield _call(words[1:])
        words = []


def _call(words: list[str]) -> Call:
    if words[0] in {"container", "image", "builder", "buildx"} and len(words) > 1:
        words = words[1:]
    elif words[0] in {"network", "volume"} and len(words) > 1:
        words = [f"{words[0]} {words[1]}", *words[2:]]
    return Call(verb=words[0], words=tuple(words[1:]))


def made(command: str) -> frozenset[Thing]:
    """The things that a command line makes under a name of its own."""
    return frozenset(thing for call in calls(command) for thing in _made(call) if thing.name and "$" not in thing.name)


def _made(call: Call) -> Iterator[Thing]:
    match call.verb:
        case "run" | "create":
            yield from (Thing(kind="container", name=name) for name in call.options("--name"))
            for mount in call.options("-v", "--volume"):
                source, colon, _ = mount.partition(":")
                if colon and re.fullmatch(r"\w[\w.-]*", source):
                    yield Thing(kind="volume", name=source)
            for mount in call.options("--mount"):
                fields = dict(field.partition("=")[::2] for field in mount.split(","))
                if fields.get("type", "volume") == "volume":
                    yield Thing(kind="volume", name=fields.get("source", fields.get("src", "")))
        case "build":
            yield from (Thing(kind="image", name=name) for name in call.options("-t", "--tag"))
        case "tag" | "commit":
            yield Thing(kind="image", name=call.words[-1])
        case "rename":
            yield Thing(kind="container", name=call.words[-1])
        case "network create" | "volume create":
            yield Thing(kind=call.verb.split()[0], name=call.words[-1] if call.words else "")


def project(call: Call, folder: Path) -> str:
    """The name of the Compose project that a `docker compose` command in `folder` is about."""
    words = iter(call.words)
    for word in words:
        if not word.startswith("-"):
            break
        option, joined, value = word.partition("=")
        if not joined and option not in COMPOSE_FLAGS:
            value = next(words, "")
        if option in {"-p", "--project-name"}:
            return value
    for name in COMPOSE_FILES:
        if (folder / name).is_file() and (match := PROJECT_NAME.search((folder / name).read_text())):
            return match[1]
    return re.sub(r"[^a-z0-9_-]", "", folder.name.lower()).lstrip("_-")


def lost(command: str, own: Iterable[Thing]) -> str:
    """The complaint about a container that the command would leave where no name leads to it."""
    images = {thing.name for thing in own if thing.kind == "image"}
    for call in calls(command):
        if call.verb not in {"run", "create"} or any(call.options("--name")):
            continue
        image = (call.positional() or ("",))[0]
        ends = "--rm" in call.words and not {"-d", "--detach"} & set(call.words)
        if image not in images and not ends:
            return f"`docker {call.verb}` of {image} would leave a nameless container: add --name or --rm"
    return ""
