"""The course's domain: what each page holds, kept in the environment, and checked when all pages are read."""

from collections.abc import Iterator
from typing import Any, cast

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.domains import Domain
from sphinx.environment import BuildEnvironment

from grader.sphinx.lint import Citation, Page, Place, faults
from grader.sphinx.markup import warn
from grader.sphinx.questions import question_form


class CourseDomain(Domain):
    """Knows the parts, objectives and questions of every page."""

    name = "shipshape"
    label = "Course"
    data_version = 1
    initial_data = {"pages": {}}

    @property
    def pages(self) -> dict[str, Page]:
        return cast("dict[str, Page]", self.data["pages"])

    def process_doc(self, env: BuildEnvironment, docname: str, document: nodes.document) -> None:
        self.pages[docname] = Page(
            parts=tuple(parts(document)),
            objectives=tuple(objectives(document)),
            questions=tuple(questions(document)),
            citations=tuple(citations(document)),
        )

    def clear_doc(self, docname: str) -> None:
        self.pages.pop(docname, None)

    def merge_domaindata(self, docnames: Any, otherdata: dict[str, Any]) -> None:  # noqa: ANN401 - Sphinx's signature
        for docname in docnames:
            self.pages[docname] = otherdata["pages"][docname]

    def check_consistency(self) -> None:
        for fault in faults(self.pages):
            warn("lint", fault.message, (fault.docname, fault.line))


def objectives(document: nodes.document) -> Iterator[Place]:
    """The objectives, each by its id."""
    for item in document.findall(nodes.list_item):
        if "objective_id" in item:
            yield Place(name=item["objective_id"], line=item.line or 0)


def questions(document: nodes.document) -> Iterator[Place]:
    """The questions of every kind, each by its id."""
    for form in document.findall(question_form):
        yield Place(name=form["question"], line=form.line or 0)


def parts(document: nodes.document) -> Iterator[Place]:
    """The parts of the unit in their order; a predict question is one too."""
    for node in document.findall(nodes.Element):
        if name := "predict" if node.get("kind") == "predict" else node.get("part"):
            yield Place(name=name, line=node.line or 0)


def citations(document: nodes.document) -> Iterator[Citation]:
    """Each question and each check of an exercise, with the objective that it names."""
    for node in document.findall(nodes.Element):
        if isinstance(node, question_form):
            yield Citation(
                by=node["question"],
                kind=node["kind"],
                objective=node["objective"],
                part=part_around(node),
                line=node.line or 0,
            )
        cites: list[tuple[str, str]] = node.get("cites", [])
        for check, objective in cites:
            yield Citation(by=check, kind="check", objective=objective, part="make", line=node.line or 0)


def part_around(node: nodes.Element) -> str:
    """The part whose section holds the node, the nearest first; empty where none does."""
    above = node.parent
    while above is not None:
        for name in above.get("classes", ()):
            if isinstance(above, nodes.section) and name.startswith("part-"):
                return str(name.removeprefix("part-"))
        above = above.parent
    return ""


def setup(app: Sphinx) -> None:
    app.add_domain(CourseDomain)
