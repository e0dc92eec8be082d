"""Looks at an author's Python file without running it, so that a slip is found when the exercise is read."""

import ast
import re
import threading
from pathlib import Path

from grader.spec import nearest

PLACE = re.compile(r"(?P<file>[^:\\]+\.py):(?P<name>[^\W\d]\w*)")
ARGUMENTS = 2  # the subject, and a generator
PARSING = threading.Lock()  # Python 3.11 counts the depth of a tree for all threads at once, and miscounts with two


def name_fault(place: str) -> str:
    """What is wrong with "file.py:name" as an author wrote it, or nothing."""
    found = PLACE.fullmatch(place)
    if not found:
        return f"function = {place!r}: write the file and the function, such as 'checks.py:counts_up'"
    if found["file"].startswith("/") or ".." in found["file"].split("/"):
        return f"function = {place!r}: the file lies beside exercise.toml, or in a folder there"
    return ""


def look(file: Path, name: str) -> None:
    """Make sure that `file` defines a function `name` that can be given the two arguments.

    :raises ValueError: it does not; the text names file and line
    """
    if not file.is_file():
        guess = nearest(file.name, (each.name for each in file.parent.glob("*.py")))
        hint = f": did you mean {guess!r}?" if guess else ""
        raise ValueError(f"there is no file {file.name!r} beside exercise.toml{hint}")
    try:
        with PARSING:
            body = ast.parse(file.read_bytes(), file.name).body
    except SyntaxError as error:
        raise ValueError(f"{file.name}:{error.lineno or 1}: not Python: {error.msg}") from error
    except (OSError, ValueError, RecursionError, MemoryError) as error:
        raise ValueError(f"{file.name}: cannot be read: {error}") from error
    defined = {each.name: each for each in body if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)}
    if name in defined:
        if fault := _function_fault(defined[name]):
            raise ValueError(f"{file.name}:{defined[name].lineno}: {name} {fault}")
    elif name not in _bound(body):
        guess = nearest(name, defined)
        raise ValueError(f"{file.name} has no function {name!r}" + (f", did you mean {guess!r}?" if guess else ""))


def _function_fault(function: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    if isinstance(function, ast.AsyncFunctionDef):
        return "is async, and nothing awaits it: write it with def alone"
    arguments = function.args
    names = [*arguments.posonlyargs, *arguments.args]
    most = ARGUMENTS if arguments.vararg else len(names)
    keywords = [
        each.arg for each, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if not default
    ]
    if keywords:
        return f"needs the argument {keywords[0]}=: it is given two, the subject and a generator"
    if not len(names) - len(arguments.defaults) <= ARGUMENTS <= most:
        return f"takes {len(names)}: it is given two arguments, the subject and a generator"
    return ""


def _bound(body: list[ast.stmt]) -> set[str]:
    """Names that the file gets in another way: imported, assigned, or defined under a condition."""
    inner = [node for each in body if isinstance(each, ast.If | ast.Try | ast.With) for node in ast.walk(each)]
    names: set[str] = set()
    for node in (*body, *inner):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names |= {alias.asname or alias.name for alias in node.names}
        elif isinstance(node, ast.Assign):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
        elif isinstance(node, ast.FunctionDef):
            names.add(node.name)
    return names
