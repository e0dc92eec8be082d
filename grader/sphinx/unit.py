"""The directives that open a unit page and mark its sections: `unit`, `objectives` and `part`."""

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

from grader.sphinx.markup import ID, bullets, heading, paragraph, unit_link, warn

LABELS = {
    "warm-up": "Warm-up",
    "run": "Run",
    "investigate": "Investigate",
    "modify": "Modify",
    "make": "Make",
}


class part_marker(nodes.Invisible, nodes.Element):
    """Says that a part of the unit stands here; gone before anything is written."""


class Unit(SphinxDirective):
    """The head of a unit page: minutes, what to do first, and why it matters."""

    has_content = True
    option_spec = {
        "read": directives.nonnegative_int,
        "do": directives.nonnegative_int,
        "needs": directives.unchanged_required,
        "docker": directives.flag,
    }

    def run(self) -> list[nodes.Node]:
        box = nodes.container(classes=["unit"], part="unit")
        self.set_source_info(box)
        for name in ("read", "do"):
            if name not in self.options:
                warn("unit", f"unit: say how many minutes it takes to {name} it, with :{name}:", box)
        box += bullets(([fact] for fact in self._facts()), "unit-facts")
        why = self.parse_content_to_nodes()
        if not why:
            warn("unit", "unit: say why it matters: two sentences, a real failure", box)
        box += nodes.container("", *why, classes=["unit-why"])
        return [box]

    def _facts(self) -> list[nodes.paragraph]:
        facts = [paragraph(self, f"{self.options.get('read', 0)} min to read", "unit-read")]
        facts.append(paragraph(self, f"{self.options.get('do', 0)} min to do", "unit-do"))
        slugs = [slug.strip() for slug in self.options.get("needs", "").split(",") if slug.strip()]
        if slugs:
            needs = paragraph(self, "After: ", "unit-needs")
            for number, slug in enumerate(slugs):
                needs += [nodes.Text(", " if number else ""), unit_link(self, slug)]
            facts.append(needs)
        if "docker" in self.options:
            facts.append(paragraph(self, "Needs a running engine", "unit-docker"))
        return facts


class Objectives(SphinxDirective):
    """What the reader will be able to do: a field list, each field's name the objective's id."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        box = nodes.container(classes=["objectives"], part="objectives")
        self.set_source_info(box)
        box += heading(self, "By the end, you can")
        found = nodes.bullet_list()
        for block in self.parse_content_to_nodes():
            if isinstance(block, nodes.field_list):
                found += [self._item(field) for field in block if isinstance(field, nodes.field)]
            else:
                warn("objectives", "objectives: write each one as :id: Verb first", box)
        box += found
        return [box]

    def _item(self, field: nodes.field) -> nodes.list_item:
        name, says = field[0].astext(), field[1]
        item = nodes.list_item("", *says.children, ids=[f"objective-{name}"], objective_id=name)
        item.source, item.line = field.source, field.line
        if not ID.fullmatch(name):
            warn("objectives", f"the objective's id {name!r} must be lower-case words joined by hyphens", item)
        if not says.children:
            warn("objectives", f"the objective {name!r} says nothing: a verb first, then what", item)
        return item


class Part(SphinxDirective):
    """Marks the section under whose heading it stands as a part of the unit."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        name = self.arguments[0]
        marker = part_marker(part=name)
        self.set_source_info(marker)
        if name not in LABELS:
            warn("part", f"no part {name!r}: the parts that mark a section are {', '.join(LABELS)}", marker)
            return []
        section = self.state.parent
        if not isinstance(section, nodes.section) or any(not quiet(node) for node in section.children[1:]):
            warn("part", f"the marker of the part {name!r} must stand directly under a heading", marker)
        else:
            section["classes"].append(f"part-{name}")
        return [marker]


def quiet(node: nodes.Node) -> bool:
    """Whether the node leaves nothing on the page."""
    return isinstance(node, nodes.Invisible | nodes.system_message | nodes.target)


class DropMarkers(SphinxTransform):
    """Takes the markers out, once the course's domain has counted them, and the heading of notes that are not there."""

    default_priority = 860

    def apply(self, **kwargs: object) -> None:
        for marker in list(self.document.findall(part_marker)):
            section = marker.parent
            section.remove(marker)
            empty = isinstance(section, nodes.section) and all(quiet(node) for node in section.children[1:])
            if empty and marker["part"] == "instructor":
                section.parent.remove(section)


class LabelParts(SphinxPostTransform):
    """Puts a part's name above its heading, unless the heading says it.

    Late, as Sphinx takes a section's first node for its title until it writes.
    """

    default_priority = 900
    formats = ("html",)

    def run(self, **kwargs: object) -> None:
        for section in list(self.document.findall(nodes.section)):
            for name, label in LABELS.items():
                if f"part-{name}" in section["classes"] and section[0].astext().casefold() != label.casefold():
                    section.insert(0, nodes.paragraph(label, label, classes=["part-label"]))


def setup(app: Sphinx) -> None:
    app.add_node(part_marker)
    app.add_directive("unit", Unit)
    app.add_directive("objectives", Objectives)
    app.add_directive("part", Part)
    app.add_transform(DropMarkers)
    app.add_post_transform(LabelParts)
