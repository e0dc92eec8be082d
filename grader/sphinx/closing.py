"""The directives that close a unit page: `key-points`, `reading` and `instructor`."""

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util.docutils import SphinxDirective

from grader.sphinx.markup import heading, warn
from grader.sphinx.unit import part_marker


class Box(SphinxDirective):
    """A titled box that is a part of the unit."""

    has_content = True
    title: str

    def run(self) -> list[nodes.Node]:
        blocks = self.parse_content_to_nodes()
        box = nodes.container("", *heading(self, self.title), *blocks, classes=[self.name], part=self.name)
        self.set_source_info(box)
        for fault in self.faults(blocks):
            warn(self.name, f"{self.name}: {fault}", box)
        return [box]

    def faults(self, blocks: list[nodes.Node]) -> list[str]:
        return [] if blocks else ["it is empty"]


class List(Box):
    """A box that holds one bullet list."""

    def faults(self, blocks: list[nodes.Node]) -> list[str]:
        if len(blocks) != 1 or not isinstance(blocks[0], nodes.bullet_list):
            return ["it holds one bullet list and nothing else"]
        return self.item_faults(blocks[0])

    def item_faults(self, items: nodes.bullet_list) -> list[str]:
        return []


class KeyPoints(List):
    """What to remember, in six points at most."""

    title = "Key points"

    def item_faults(self, items: nodes.bullet_list) -> list[str]:
        return [] if len(items) <= 6 else [f"{len(items)} points are too many to remember: six at most"]


class Reading(List):
    """Where to read on: three to five links, each with a word on why."""

    title = "Read on"

    def item_faults(self, items: nodes.bullet_list) -> list[str]:
        faults = [] if 3 <= len(items) <= 5 else [f"three to five links, not {len(items)}"]
        return faults + [f"the item {item.astext()!r} has no link" for item in items if not has_link(item)]


class Instructor(Box):
    """Notes for the instructors' build; in any other they are not even parsed, so that nothing of them can leak."""

    title = "For instructors"

    def run(self) -> list[nodes.Node]:
        if self.config.shipshape_instructor:
            return super().run()
        marker = part_marker(part=self.name)
        self.set_source_info(marker)
        return [marker]


def has_link(item: nodes.Node) -> bool:
    """Whether it links to another page, of the course or elsewhere."""
    return any("refuri" in node or "reftarget" in node for node in item.findall(nodes.Element))


def note_build(app: Sphinx, config: Config) -> None:
    """Make the tag a setting, so that a build with the other tag reads every page anew."""
    config.shipshape_instructor = app.tags.has("instructor")


def setup(app: Sphinx) -> None:
    app.add_config_value("shipshape_instructor", False, "env", types=frozenset({bool}))
    app.connect("config-inited", note_build)
    app.add_directive("key-points", KeyPoints)
    app.add_directive("reading", Reading)
    app.add_directive("instructor", Instructor)
