"""The directive `topics`, which says where the course teaches what older articles teach, and the role `unit`."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective, SphinxRole

from grader.errors import SpecError
from grader.spec import read
from grader.sphinx.markup import paragraph, root_of, unit_link, warn


class Topic(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One topic of an article, and the sections that teach it, each as "NN-slug#anchor" or "page"."""

    says: str
    at: tuple[str, ...]


class Article(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An article of the kind that this course takes the place of."""

    title: str
    topic: tuple[Topic, ...]


class Articles(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All of them, as the file holds them."""

    article: tuple[Article, ...]


class section_link(nodes.inline):
    """Leads to a section of another page, whose title it shows; what there is, is known when all pages are read."""


class Topics(SphinxDirective):
    """A table for each article of a TOML file, which stands beside the page."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        _, name = self.env.relfn2path(self.arguments[0])
        self.env.note_dependency(name)
        try:
            articles = read(Path(name), Articles).value.article
        except SpecError as error:
            warn("topics", f"topics: {error}", self.state.parent)
            return []
        return [node for article in articles for node in self._article(article)]

    def _article(self, article: Article) -> Iterator[nodes.Node]:
        title = nodes.rubric(article.title, article.title, **{"heading-level": 3})
        self.set_source_info(title)
        yield title
        rows = []
        for topic in article.topic:
            where = nodes.paragraph()
            for number, place in enumerate(topic.at):
                where += [nodes.Text("; " if number else ""), self._link(place)]
            rows.append(nodes.row("", nodes.entry("", paragraph(self, topic.says)), nodes.entry("", where)))
        head = nodes.row("", *(nodes.entry("", paragraph(self, name)) for name in ("Topic", "Taught in")))
        group = nodes.tgroup("", nodes.colspec(colwidth=45), nodes.colspec(colwidth=55), cols=2)
        group += [nodes.thead("", head), nodes.tbody("", *rows)]
        table = nodes.table("", group, classes=["topics"])
        self.set_source_info(table)
        yield table

    def _link(self, place: str) -> section_link:
        page, _, anchor = place.partition("#")
        unit = (root_of(self) / "docs" / page / "index.rst").is_file() or page[:2].isdigit()
        link = section_link(place, "", page=f"{page}/index" if unit else page, anchor=anchor)
        self.set_source_info(link)
        return link


class UnitLink(SphinxRole):
    """A link to a unit by its slug; the slug alone where the unit is not written yet."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        page = Path(self.env.doc2path(f"{self.text}/index"))
        if not page.is_file():
            self.env.note_dependency(str(page))  # this page is to be read again when it comes
            return [nodes.Text(self.text)], []
        return [unit_link(self, self.text)], []


def link_sections(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put a link, with the section's own title, in the place of each `section_link`."""
    for link in list(doctree.findall(section_link)):
        title = sections(app.env, link["page"]).get(link["anchor"], "")
        unit = link["page"].removesuffix("/index")
        if link["page"] not in app.env.all_docs and unit[:2].isdigit():
            link.replace_self(nodes.Text(unit))  # a unit that is not written yet
            continue
        if not title:
            warn("topics", f"topics: no section {link['anchor']!r} in the page {link['page']!r}", link)
            link.replace_self(nodes.Text(unit))
            continue
        uri = app.builder.get_relative_uri(docname, link["page"]) + ("#" + link["anchor"] if link["anchor"] else "")
        text = f"{unit}: {title}" if link["anchor"] else title
        link.replace_self(nodes.reference(text, text, internal=True, refuri=uri))


def sections(env: BuildEnvironment, page: str) -> dict[str, str]:
    """The sections of a page, each title by its anchor; nothing where there is no such page."""
    contents = env.tocs.get(page, nodes.bullet_list())
    found = {node.get("anchorname", ""): node.astext() for node in contents.findall(nodes.reference)}
    return {anchor.removeprefix("#"): title for anchor, title in found.items()}


def setup(app: Sphinx) -> None:
    app.add_node(section_link)
    app.add_directive("topics", Topics)
    app.add_role("unit", UnitLink())
    app.connect("doctree-resolved", link_sections)
