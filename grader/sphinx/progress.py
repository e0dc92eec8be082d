"""The directive `progress`: the questions of each unit, how many are answered, and a file to take the answers along."""

import json
from collections.abc import Iterator
from typing import Any, cast

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from grader.sphinx.course import CourseDomain
from grader.sphinx.lint import UNIT_PAGE

HEADS = ("Unit", "Questions", "Answered right")
# What only a script can serve; it shows itself when that runs.
CONTROLS = (
    '<div class="progress-controls" hidden="hidden">\n'
    '<button type="button" class="progress-save">Save my answers to a file</button>\n'
    '<label class="progress-load">Load answers from a file '
    '<input type="file" accept="application/json,.json" /></label>\n'
    '<p class="progress-news" role="status" aria-live="polite"></p></div>\n'
)


class progress_panel(nodes.container):
    """The table of the units, filled when all pages are known; in HTML with the controls below it."""


class progress_count(nodes.paragraph):
    """How many questions of a unit are answered right; `questions` are their ids."""


class Progress(SphinxDirective):
    """Stands for the table, whose rows are known when all pages are."""

    def run(self) -> list[nodes.Node]:
        panel = progress_panel(classes=["progress"])
        self.set_source_info(panel)
        self.env.metadata[self.env.docname]["shipshape-progress"] = "yes"
        return [panel]


class FillPanels(SphinxPostTransform):
    """Puts the units into the table, once all are known; early, so that their links are resolved like any other."""

    default_priority = 5

    def run(self, **kwargs: object) -> None:
        for panel in list(self.document.findall(progress_panel)):
            rows = list(unit_rows(self.env))
            group = nodes.tgroup("", *(nodes.colspec(colwidth=width) for width in (60, 20, 20)), cols=3)
            group += nodes.thead("", row(*(nodes.paragraph(head, head) for head in HEADS)))
            group += nodes.tbody("", *rows)
            panel += nodes.table("", group, classes=["progress-table"])


def unit_rows(env: BuildEnvironment) -> Iterator[nodes.row]:
    """A row for each unit that asks something, in the order of the course."""
    pages = cast("CourseDomain", env.get_domain("shipshape")).pages
    for docname in sorted(filter(UNIT_PAGE.fullmatch, pages)):
        if ids := [question.name for question in pages[docname].questions]:
            title = env.titles[docname].astext()
            count = progress_count("", "none yet", questions=ids)
            yield row(unit_link(docname, title), nodes.paragraph("", str(len(ids))), count)


def unit_link(docname: str, title: str) -> nodes.paragraph:
    """A paragraph with a link that is resolved as the others are."""
    link = addnodes.pending_xref(
        "",
        nodes.inline("", title),
        refdomain="std",
        reftype="doc",
        reftarget=f"/{docname}",
        refexplicit=True,
        refwarn=True,
    )
    return nodes.paragraph("", "", link)


def row(*cells: nodes.Node) -> nodes.row:
    return nodes.row("", *(nodes.entry("", cell) for cell in cells))


def pages_to_write(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """A page with the table is written whenever any page was read."""
    return [name for name, metadata in env.metadata.items() if "shipshape-progress" in metadata]


def open_panel(self: HTML5Translator, node: nodes.Element) -> None:
    self.body.append(self.starttag(node, "div"))


def close_panel(self: HTML5Translator, node: nodes.Element) -> None:
    self.body.append(f"{CONTROLS}</div>\n")


def open_count(self: HTML5Translator, node: nodes.Element) -> None:
    data: dict[str, Any] = {"data-questions": json.dumps(node["questions"])}
    self.body.append(self.starttag(node, "p", "", CLASS="progress-count", **data))


def close_count(self: HTML5Translator, node: nodes.Element) -> None:
    self.body.append("</p>\n")


def setup(app: Sphinx) -> None:
    app.add_node(progress_panel, html=(open_panel, close_panel))
    app.add_node(progress_count, html=(open_count, close_count))
    app.add_directive("progress", Progress)
    app.add_post_transform(FillPanels)
    app.connect("env-updated", pages_to_write)
