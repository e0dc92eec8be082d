"""What a step of a build does, in full: BuildKit's name of a step ends where a heredoc or a script begins."""

import json
import re
from collections.abc import Iterator, Mapping

PREFIX = re.compile(r"^\[(?:(?P<stage>\S+) )?\s*(?P<number>\d+)/\d+\]\s*")  # "[build 3/5] "
LISTED = re.compile(r"^(?P<head>[A-Z]+(?:\s+--\S+)*)\s+(?P<words>\[.*\])$", re.DOTALL)
HEREDOC = re.compile(r"^\s*(?:ONBUILD\s+)?RUN\s.*?<<(?P<dash>-?)(?P<quote>[\"']?)(?P<end>\w+)(?P=quote)", re.IGNORECASE)
SUMMARY = re.compile(r"\s\((?P<first>[^\n]*?)(?:\.\.\.)?\)$")
TEXT_LIMIT = 16_000  # characters of one step that are looked at
SKIPPED_LIMIT = 8  # words that may stand between two that are looked for: options and their values
VERSION = re.compile(r"[\d.]*")
EDGES = "\"'`();&|"


def text_of(step: str, files: Mapping[str, bytes]) -> str:
    """What the step of that name says and runs, with the heredocs and the scripts that it names."""
    said = _unlisted(PREFIX.sub("", step))
    pieces = [said]
    if said.startswith("RUN"):
        pieces += _heredocs(said, files)
        pieces += _scripts("\n".join(pieces), files)
    return "\n".join(pieces)[:TEXT_LIMIT]


def mentions(text: str, wanted: str) -> bool:
    """Whether the words that are wanted stand in the text, in order; options may stand between them.

    A program counts under its path and with its version as well: `/venv/bin/pip3 --no-cache-dir install` is a
    "pip install".
    """
    if wanted in text:
        return True
    words, looked_for = text.split(), wanted.split()
    return any(_follow(words[start:], looked_for) for start in range(len(words)))


def place(step: str) -> tuple[str, int]:
    """By what steps are put into the order of the Dockerfile: BuildKit names them in the order of its own work."""
    found = PREFIX.match(step)
    return (found["stage"] or "", int(found["number"])) if found else ("", 0)


def is_base(step: str) -> bool:
    """Whether the step is a FROM, which is never said to come from the cache."""
    return PREFIX.sub("", step).startswith("FROM ")


def _follow(words: list[str], looked_for: list[str]) -> bool:
    """Whether `words` begin with those that are looked for; what is skipped are options, and a value after one."""
    at = 0
    for number, each in enumerate(looked_for):
        ends = at + (SKIPPED_LIMIT if number else 0)
        while at < len(words) and not _is(words[at], each, last=number == len(looked_for) - 1):
            option = words[at].startswith("-") or words[at - 1].startswith("-")
            if at >= ends or not option or words[at][0] in ";&|":
                return False
            at += 1
        if at >= len(words):
            return False
        at += 1
    return True


def _is(word: str, wanted: str, *, last: bool) -> bool:
    bare = word.strip(EDGES)
    name = bare if "/" in wanted else bare.rpartition("/")[2]
    if name.startswith(wanted) and VERSION.fullmatch(name[len(wanted) :]):
        return True
    return last and bare.startswith(wanted)


def _unlisted(said: str) -> str:
    """An instruction in exec form as one in shell form: `RUN ["pip", "install"]` is `RUN pip install`."""
    found = LISTED.match(said)
    if not found:
        return said
    try:
        words = json.loads(found["words"])
    except (ValueError, RecursionError):
        return said
    return f"{found['head']} {' '.join(map(str, words))}" if isinstance(words, list) else said


def _heredocs(said: str, files: Mapping[str, bytes]) -> Iterator[str]:
    """The bodies of those heredocs that the step's name can stand for: it shows their first line at most."""
    if "<<" not in said:
        return
    summary = SUMMARY.search(said)
    named = " ".join(SUMMARY.sub("", said).split())
    for head, body in _all_heredocs(files):
        first = next(iter(body.strip().splitlines()), "")
        if head == named and (summary is None or first.startswith(summary["first"])):
            yield body


def _all_heredocs(files: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """Each RUN line that opens a heredoc, its spaces made one, with what the heredoc holds."""
    for name, content in files.items():
        if "dockerfile" not in name.rpartition("/")[2].lower():
            continue
        lines = iter(content.decode("utf-8", "replace").splitlines())
        for line in lines:
            if not (found := HEREDOC.match(line)):
                continue
            body = []
            for inside in lines:
                if (inside.lstrip("\t") if found["dash"] else inside) == found["end"]:
                    break
                body.append(inside)
            words = line.split()
            yield " ".join([words[0].upper(), *words[1:]]), "\n".join(body)


def _scripts(text: str, files: Mapping[str, bytes]) -> Iterator[str]:
    """The shell scripts among the files that the text names."""
    words = {word.strip(EDGES).rpartition("/")[2] for word in re.split(r"[\s=,]+", text)}
    for name, content in files.items():
        if name.rpartition("/")[2] in words and (name.endswith(".sh") or content.startswith(b"#!")):
            yield content[:TEXT_LIMIT].decode("utf-8", "replace")
