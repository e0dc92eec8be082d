"""What all directives share: located warnings, small builders of docutils nodes, and a node for <details>."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole
from sphinx.writers.html5 import HTML5Translator

ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
CODE = re.compile(r"`+([^`]+)`+")

logger = logging.getLogger(__name__)


class disclosure(nodes.container):
    """Content that opens on demand, or closes with `opened`; a builder without <details> shows it in the open."""


class summary(nodes.paragraph):
    """The line of a disclosure that is always seen."""


def warn(subtype: str, message: str, location: nodes.Node | tuple[str, int] | str) -> None:
    """Tell an author of a mistake, at its place; the build goes on, and fails with -W."""
    logger.warning(message, type="shipshape", subtype=subtype, location=location)


def root_of(directive: SphinxDirective) -> Path:
    """The folder that holds exercises/, solutions/ and grader/."""
    return Path(directive.config.shipshape_root)


def words(text: str) -> list[nodes.Node]:
    """Plain text from a data file as inline nodes: what stands in backquotes is code."""
    parts = CODE.split(text)
    return [nodes.literal(part, part) if n % 2 else nodes.Text(part) for n, part in enumerate(parts) if part]


def paragraph(directive: SphinxDirective, text: str, *classes: str) -> nodes.paragraph:
    """A paragraph that search and translation see as part of the page."""
    node = nodes.paragraph(text, "", *words(text), classes=list(classes))
    directive.set_source_info(node)
    return node


def heading(directive: SphinxDirective, text: str, level: int = 2) -> list[nodes.Node]:
    """A box's own heading, left out where the section's title right above says the same."""
    section = directive.state.parent
    if isinstance(section, nodes.section) and section[0].astext().casefold() == text.casefold():
        return []
    node = nodes.rubric(text, text, **{"heading-level": level})
    directive.set_source_info(node)
    return [node]


def unit_link(directive: SphinxDirective | SphinxRole, slug: str) -> addnodes.pending_xref:
    """A link to a unit's page, under the unit's slug."""
    link = addnodes.pending_xref(
        "",
        nodes.inline("", slug),
        refdomain="std",
        reftype="doc",
        reftarget=f"/{slug}/index",
        refdoc=directive.env.docname,
        refexplicit=False,
        refwarn=True,
    )
    directive.set_source_info(link)
    return link


def bullets(items: Iterable[Sequence[nodes.Node]], *classes: str) -> nodes.bullet_list:
    """A bullet list with an item for each sequence of nodes."""
    return nodes.bullet_list("", *(nodes.list_item("", *item) for item in items), classes=list(classes))


def disclose(directive: SphinxDirective, title: str, content: Iterable[nodes.Node], *classes: str) -> disclosure:
    """A closed box that shows `title` and, once opened, `content`."""
    line = summary(title, "", *words(title))
    directive.set_source_info(line)
    return disclosure("", line, *content, classes=list(classes))


def open_details(self: HTML5Translator, node: nodes.Element) -> None:
    opened: dict[str, Any] = {"open": "open"} if node.get("opened") else {}
    self.body.append(self.starttag(node, "details", **opened))


def close_details(self: HTML5Translator, node: nodes.Element) -> None:
    self.body.append("</details>\n")


def open_summary(self: HTML5Translator, node: nodes.Element) -> None:
    self.body.append(self.starttag(node, "summary", ""))


def close_summary(self: HTML5Translator, node: nodes.Element) -> None:
    self.body.append("</summary>\n")


def set_root(app: Sphinx, config: Config) -> None:
    config.shipshape_root = config.shipshape_root or str(app.confdir)


def setup(app: Sphinx) -> None:
    app.connect("config-inited", set_root)
    app.add_config_value("shipshape_root", "", "env", types=frozenset({str}))
    app.add_node(disclosure, html=(open_details, close_details))
    app.add_node(summary, html=(open_summary, close_summary))
