"""Reads `environment` and `env_file` of a service."""

from grader.compose import fields, paths, rules
from grader.compose.dotenv import parse_env
from grader.compose.model import FaultKind
from grader.compose.nodes import Items, Node, Table, wrong
from grader.compose.reading import Part
from grader.spec import nearest

FILES = 20  # under one `env_file`


def read_environment(part: Part) -> dict[str, str]:
    """The variables that the container gets: those of the files, and over them those of the service.

    :raises ComposeFault: a file is not there, or one of them is wrong
    """
    found: dict[str, str] = {}
    if "env_file" in part:
        node = part["env_file"]
        if isinstance(node, Items) and len(node.nodes) > FILES:
            raise wrong(node, part.what("env_file"), f"more than {FILES} files")
        if isinstance(node, Table):
            raise wrong(node, part.what("env_file"), "write `- ` before `path`: it is a list of files")
        for each in node.nodes if isinstance(node, Items) else (node,):
            found |= _of_file(part, each)
    if "environment" in part:
        # A name that stands there without a value takes away what a file gave it.
        for name in fields.pairs(part["environment"], part.what("environment")):
            found.pop(name, None)
        found |= part.reading.values(part["environment"], part.what("environment"))
    return found


def variables_of(path: str, content: bytes) -> tuple[dict[str, str], list[str]]:
    """The variables that a submission's own `.env` sets for the whole file, and remarks on it.

    :raises ComposeFault: it cannot be read
    """
    found, unset = parse_env(content, path, {})
    notes = [f"`{path}`: the variable {name} is not set: it is empty" for name in unset]
    idle = sorted(name for name in found if name.startswith(("COMPOSE_", "DOCKER_")) and name != "COMPOSE_PROFILES")
    return found, notes + [f"`{path}`: {name} has no effect when graded" for name in idle]


def _of_file(part: Part, node: Node) -> dict[str, str]:
    what, folder = part.what("env_file"), part.reading.folder
    nodes = part.reading.section(node, what, rules.ENV_FILE).nodes if isinstance(node, Table) else {"path": node}
    if "path" not in nodes:
        raise fields.required(node, f"{what}: `path`")
    name = fields.text(nodes["path"], what)
    path = paths.inside(folder, node, what, name)
    if not paths.is_file(folder, path):
        if "required" in nodes and not fields.boolean(nodes["required"], f"{what}: `required`"):
            return {}
        guess = nearest(path, paths.beside(folder, path))
        hint = f"did you mean `{guess}`?" if guess else "hand it in"
        raise wrong(node, what, f"`{name}` was not handed in: {hint}", kind=FaultKind.MISSING, nearest=guess)
    found, unset = parse_env(paths.content(folder, path), path, part.reading.variables)
    for variable in unset:
        part.reading.note(f"`{path}`: the variable {variable} is not set: it is empty")
    return found
