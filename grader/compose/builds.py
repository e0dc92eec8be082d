"""Reads `build` and `image`: where a service's image comes from."""

import posixpath
import re
from collections.abc import Iterable

from grader.compose import fields, paths, rules
from grader.compose.model import BuildPlan, FaultKind
from grader.compose.nodes import Node, Text, wrong
from grader.compose.reading import Reading
from grader.spec import nearest

REMOTE = re.compile(r"[a-z][a-z0-9+-]*://|git@|github\.com/|[^/]*\.git(?:#|$)", re.IGNORECASE)
PREFIXES = ("docker.io/", "index.docker.io/", "library/")


def read_build(reading: Reading, node: Node, what: str) -> BuildPlan:
    """How an image is built; its context and its Dockerfile are in the submission.

    :raises ComposeFault: one of them is not, or lies outside
    """
    nodes = (
        {"context": node} if isinstance(node, Text) else dict(reading.section(node, what, rules.BUILD_SECTION).nodes)
    )
    context = _context(reading, nodes["context"], f"{what}: `context`") if "context" in nodes else ""
    name = fields.text(nodes["dockerfile"], f"{what}: `dockerfile`") if "dockerfile" in nodes else "Dockerfile"
    place = nodes.get("dockerfile", node)
    path = paths.inside(reading.folder, place, what, name, base=context)
    if not paths.is_file(reading.folder, path):
        guess = nearest(path, paths.beside(reading.folder, path))
        where = f"`{context}/`" if context else "the submission"
        hint = f"did you mean `{guess}`?" if guess else "hand it in"
        reason = f"there is no file `{name}` in {where}: {hint}"
        raise wrong(place, what, reason, kind=FaultKind.MISSING, nearest=guess)
    return BuildPlan(
        context=context,
        dockerfile=posixpath.relpath(path, context or "."),
        args=reading.values(nodes["args"], f"{what}: `args`") if "args" in nodes else {},
        target=fields.text(nodes["target"], f"{what}: `target`") if "target" in nodes else "",
    )


def known_image(node: Node, what: str, image: str, bases: Iterable[str]) -> str:
    """An image as the exercise names it.

    :raises ComposeFault: it is none of the exercise's
    """
    names = {canonical(base): base for base in bases}
    if found := names.get(canonical(image)):
        return found
    repository = canonical(image).partition(":")[0]
    same = [base for name, base in names.items() if name.partition(":")[0] == repository]
    guess = same[0] if same else nearest(image, names.values())
    hint = (
        f"did you mean `{guess}`?" if guess else f"there are {', '.join(names.values())}" if names else "build your own"
    )
    reason = f"`{image}` is not one of this exercise's images: {hint}"
    raise wrong(node, what, reason, kind=FaultKind.IMAGE, nearest=guess)


def canonical(image: str) -> str:
    """An image's name without what Docker adds to it by itself."""
    for prefix in PREFIXES:
        image = image.removeprefix(prefix)
    return image if ":" in image.rpartition("/")[2] or "@" in image else f"{image}:latest"


def _context(reading: Reading, node: Node, what: str) -> str:
    path = fields.text(node, what)
    if REMOTE.match(path):
        raise wrong(node, what, "it is fetched from elsewhere: hand the files in", kind=FaultKind.REFUSED)
    whole = paths.inside(reading.folder, node, what, path)
    if not paths.is_folder(reading.folder, whole):
        guess = nearest(whole, paths.beside(reading.folder, whole))
        hint = f"did you mean `./{guess}`?" if guess else "hand it in"
        raise wrong(node, what, f"there is no folder `{path}`: {hint}", kind=FaultKind.MISSING, nearest=guess)
    return whole
