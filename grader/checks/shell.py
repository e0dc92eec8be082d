"""Whether a shell stays around a container's command, or hands its place, and with it the signals, to the program."""

import re
import shlex
from collections.abc import Sequence

SHELLS = frozenset({"sh", "bash", "dash", "ash"})
VALUED_OPTIONS = frozenset({"--rcfile", "--init-file"})  # long options of a shell that take the next word
ENV_VALUED_OPTIONS = frozenset({"-u", "--unset", "-C", "--chdir"})
ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=")
# A script's words, with what is quoted or substituted in one piece, and what stands between its commands.
TOKEN = re.compile(
    r"""
    (?P<comment> (?<![^\s;&|]) \# [^\n]* )
    | (?P<word> (?: [<>]& | &> | \\. | '[^']*' | "(?:\\.|[^"\\])*" | \$\([^()]*\) | `[^`]*` | [^\s;&|] )+ )
    | (?P<operator> && | \|\| | \|& | [;&|\n] )
    """,
    re.VERBOSE | re.DOTALL,
)


def stays(words: Sequence[str]) -> bool:
    """Whether these words start a shell with a script that ends in anything but `exec`."""
    script = _script(_past_env(words))
    return script is not None and not _hands_over(script)


def _past_env(words: Sequence[str]) -> list[str]:
    """The command that `env` starts, where it stands in front."""
    rest = list(words)
    while rest and _name(rest[0]) == "env":
        rest = rest[1:]
        while rest and (rest[0].startswith("-") or ASSIGNMENT.match(rest[0])):
            rest = rest[2:] if rest[0] in ENV_VALUED_OPTIONS else rest[1:]
    return rest


def _script(words: list[str]) -> str | None:
    """What a shell is told to run with -c, or None: no shell, or one that reads a file."""
    if not words or _name(words[0]) not in SHELLS:
        return None
    rest, told = words[1:], False
    while rest and rest[0][:1] in ("-", "+"):
        option, rest = rest[0], rest[1:]
        if option in ("-", "--"):
            break
        if option.startswith("--"):
            rest = rest[1:] if option in VALUED_OPTIONS else rest
            continue
        told = told or (option.startswith("-") and "c" in option)
        rest = rest[option.lower().count("o") :]  # `-o pipefail`: the name is a word of its own
    if not told:
        return None
    return rest[0] if rest else ""


def _hands_over(script: str) -> bool:
    """Whether the last command of the script is `exec` and a program, by itself in the foreground."""
    before, words, after = _last_command(script.replace("\\\n", ""))
    while words and ASSIGNMENT.match(words[0]):
        words = words[1:]
    if words[:1] != ["exec"] or len(words) == 1 or before in ("|", "|&") or after == "&":
        return False
    try:
        program = shlex.split(" ".join(words[1:]))
    except ValueError:  # a quote that is never closed: the shell will not read it either
        return False
    return not stays(program)


def _last_command(script: str) -> tuple[str, list[str], str]:
    """The operator in front of the last command, its words, and the operator behind it."""
    before, after = "", ""
    words: list[str] = []
    for found in TOKEN.finditer(script):
        if found["word"]:
            if after:
                before, words, after = after, [], ""
            words.append(found["word"])
        elif found["operator"] and not (after and found["operator"] == "\n"):
            after = found["operator"]
    return before, words, after


def _name(program: str) -> str:
    return program.rpartition("/")[2]
