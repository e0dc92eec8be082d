"""Which program a process runs, told from its command line as the kernel shows it: the words, joined by spaces."""

import re

from grader.checks.shell import SHELLS

LINE_LIMIT = 2_000  # characters that are looked at: a command line may have two million
EVERY_SHELL = SHELLS | {"zsh", "ksh", "mksh", "fish", "busybox"}
INTERPRETERS = frozenset({"python", "pypy", "perl", "ruby", "node"})
# An init hands the signals it gets to its child, and is as good as nothing in front of it.
INITS = frozenset({"tini", "tini-static", "dumb-init", "docker-init", "podman-init", "catatonit"})
INIT_VALUED = frozenset({"-p", "-e", "-r", "--rewrite"})
SHELL_VALUED = frozenset({"--rcfile", "--init-file"})
VALUED = {  # options of an interpreter that take the next word
    "python": frozenset({"-W", "-X", "--check-hash-based-pycs"}),
    "pypy": frozenset({"-W", "-X"}),
    "perl": frozenset({"-I", "-M"}),
    "ruby": frozenset({"-I", "-r", "-C"}),
    "node": frozenset({"-r", "--require", "--import"}),
}
# What a program calls itself once it runs: "gunicorn: master [app:app]", "[celeryd: celery@web:MainProcess]".
TITLE = re.compile(r"\[?(?P<name>[\w.-]+): ")
MODULE = re.compile(r"-[bBdEiIOPqRsSuvx]*m")  # python -m, alone or behind other letters
UWSGI = re.compile(r"(?:^|\s)uWSGI (?:master|worker|http|mule|spooler|cheaper|fastrouter|emperor)\b")
VERSION = re.compile(r"(?<=[a-z])[-.]?\d[\d.]*$")  # python3.13, gunicorn3
CONSOLE_NAMES = {"waitress-serve": "waitress", "uwsgi-core": "uwsgi", "pyuwsgi": "uwsgi"}  # what else a program goes by


def names(command: str) -> tuple[str, ...]:
    """The names by which a process's program goes, in lower case, the closest first.

    What an interpreter runs counts in its place: `/usr/bin/python3 /usr/bin/gunicorn` and `python -m gunicorn` are
    gunicorn. A file of the student's own goes by its name and by the interpreter's: app.py, python.
    """
    command = command[:LINE_LIMIT].strip()
    if UWSGI.search(command):
        return ("uwsgi",)
    if title := TITLE.match(command):
        return _known_as(title["name"])
    words = command.split(" ")
    program = _base(words[0].removeprefix("-"))  # a login shell is "-bash"
    plain = VERSION.sub("", program)
    if plain in INTERPRETERS:
        return _interpreted(plain, words[1:])
    if program in EVERY_SHELL:
        return _run_by_shell(program, words[1:])
    return _known_as(program)


def is_shell(command: str) -> bool:
    """Whether a shell runs, with or without a script."""
    return not EVERY_SHELL.isdisjoint(names(command))


def is_init(command: str) -> bool:
    return not INITS.isdisjoint(names(command))


def signals_all(command: str) -> bool:
    """Whether this init hands a signal to all processes behind it, so that a shell between them keeps none back."""
    if not is_init(command):
        return False
    options = _options(command)
    if _base(command.split(" ")[0]) == "dumb-init":
        return not {"-c", "--single-child"} & set(options)
    return any(option.startswith("-") and not option.startswith("--") and "g" in option for option in options)


def is_dead(command: str) -> bool:
    """Whether it has ended, and nobody has asked how: "[gunicorn] <defunct>"."""
    return command.endswith("<defunct>")


def _interpreted(interpreter: str, words: list[str]) -> tuple[str, ...]:
    rest = iter(words)
    for word in rest:
        if MODULE.fullmatch(word):
            return _known_as(next(rest, interpreter).partition(".")[0])
        if word in ("-c", "-e", "-"):
            break
        if word in VALUED[interpreter]:
            next(rest, "")
        elif not word.startswith("-"):
            installed = word.rpartition("/")[0].endswith("bin")  # by a package: the interpreter says nothing about it
            return _known_as(_base(word)) if installed else (_base(word), interpreter)
    return (interpreter,)


def _run_by_shell(shell: str, words: list[str]) -> tuple[str, ...]:
    """A shell is one whatever it runs; a script that it reads from a file has a name besides."""
    rest = iter(words)
    for word in rest:
        if not word.startswith(("-", "+")):
            return (_base(word), shell)
        if "c" in word and not word.startswith("--"):
            break
        # `-o pipefail`, `-euxo pipefail`: the name is a word of its own.
        taken = word in SHELL_VALUED if word.startswith("--") else word.lower().count("o")
        for _ in range(taken):
            next(rest, "")
    return (shell,)


def _known_as(name: str) -> tuple[str, ...]:
    name = name.lower()
    plain = VERSION.sub("", name)
    besides = "uwsgi" if plain.startswith("uwsgi_") else CONSOLE_NAMES.get(plain, "")  # Debian: uwsgi_python313
    if name == "waitress":
        besides = "waitress-serve"
    return tuple(dict.fromkeys(filter(None, (name, plain, besides))))


def _options(command: str) -> list[str]:
    """The options in front of what an init starts."""
    options = []
    rest = iter(command[:LINE_LIMIT].split(" ")[1:])
    for word in rest:
        if not word.startswith("-") or word == "--":
            break
        options.append(word)
        if word in INIT_VALUED:
            next(rest, "")
    return options


def _base(path: str) -> str:
    return path.rpartition("/")[2].lower()
