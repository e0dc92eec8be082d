"""The directive `solution`: the worked answer, read from the files that the tests grade."""

from pathlib import Path, PurePosixPath

from docutils import nodes
from pygments.lexers import get_lexer_for_filename
from pygments.util import ClassNotFound
from sphinx.directives.code import container_wrapper
from sphinx.util.docutils import SphinxDirective

from grader.errors import SpecError
from grader.exercise import FILE, load
from grader.sphinx.markup import disclose, root_of, warn


class Solution(SphinxDirective):
    """A closed box with each file of the worked answer."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        slug = self.arguments[0]
        box = disclose(self, "The worked answer", [], "solution")
        box["ids"].append(f"solution-{slug}")
        self.set_source_info(box)
        folder = root_of(self) / "solutions" / slug
        for name in self._names(slug, folder):
            file = folder / name
            self.env.note_dependency(str(file))
            try:
                text = file.read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError) as error:
                warn("solution", f"solution: {name} of {slug} cannot be read: {error}", box)
                continue
            block = nodes.literal_block(text, text, language=language_of(name))
            self.set_source_info(block)
            box += container_wrapper(self, block, name)
        if len(box) == 1:
            warn("solution", f"solution: there is no file in solutions/{slug}", box)
        return [box]

    def _names(self, slug: str, folder: Path) -> list[str]:
        """The answer's files: those that the exercise asks for in its order, then any others."""
        there = sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file())
        try:
            asked = load(root_of(self) / "exercises" / slug / FILE).files
        except SpecError:
            asked = ()  # the directive `exercise` tells of it
        return [name for name in asked if name in there] + [name for name in there if name not in asked]


def language_of(name: str) -> str:
    """The name by which Pygments knows the language of a file, "none" where it knows none."""
    try:
        return str(get_lexer_for_filename(PurePosixPath(name).name).aliases[0])
    except ClassNotFound:
        return "none"
