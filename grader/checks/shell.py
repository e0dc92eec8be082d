"""Whether a shell stays around a container's command, or hands its place, and with it the signals, to the program."""

import re
import shlex
from collections.abc import Iterator, Sequence

SHELLS = frozenset({"sh", "bash", "dash", "ash"})
VALUED_OPTIONS = frozenset({"--rcfile", "--init-file"})  # long options of a shell that take the next word
ENV_VALUED_OPTIONS = frozenset({"-u", "--unset", "-C", "--chdir"})
ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=")
INTRODUCING = frozenset({"then", "else", "do", "{", "!"})  # words of the shell behind which a command begins
REDIRECTION = re.compile(r"\d*[<>]|&>")
QUOTING = re.compile(r"['\"`]|\$\(")
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
    """Whether these words start a shell with a script that cannot hand over to a program with `exec`."""
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
    """Whether some command of the script is `exec` and a program, in the shell's own place.

    Which branch is taken is known when it runs alone: where one of them hands over, nothing is proven.
    """
    return any(_is_handed(before, words, after) for before, words, after in _commands(script.replace("\\\n", "")))


def _is_handed(before: str, words: list[str], after: str) -> bool:
    while words and (words[0] in INTRODUCING or words[0].endswith(")") or ASSIGNMENT.match(words[0])):
        words = words[1:]
    if words[:1] != ["exec"] or not words[1:] or before in ("|", "|&") or after in ("|", "|&", "&"):
        return False
    try:
        program = shlex.split(" ".join(words[1:]))
    except ValueError:  # a quote that is never closed: the shell will not read it either
        return False
    # With redirections alone, the shell keeps its place.
    return not REDIRECTION.match(words[1]) and not stays(program)


def _commands(script: str) -> Iterator[tuple[str, list[str], str]]:
    """Each command that is not in a subshell: the operator in front of it, its words, and the operator behind it."""
    before, depth, began = "", 0, 0
    words: list[str] = []
    for found in TOKEN.finditer(script):
        if found["word"]:
            began = began if words else depth
            # The label of a case closes what nothing has opened.
            depth = max(0, depth + _opened(found["word"]))
            words.append(found["word"])
        elif found["operator"] and words:
            if not began:
                yield before, words, found["operator"]
            before, words = found["operator"], []
    if words and not began:
        yield before, words, ""


def _opened(text: str) -> int:
    """How many subshells the text opens and does not close."""
    return 0 if QUOTING.search(text) else text.count("(") - text.count(")")


def _name(program: str) -> str:
    return program.rpartition("/")[2]
