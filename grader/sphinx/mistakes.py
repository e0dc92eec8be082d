"""The directive `mistakes`: what the grader can name, drawn from its own catalogue."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

from grader.catalogue import PLACEHOLDER, Entry, read_groups
from grader.errors import SpecError
from grader.sphinx.markup import disclosure, heading, paragraph, root_of, summary, unit_link, warn

CATALOGUE = Path("grader", "diagnoses")
MOMENTS = {
    "machine": "Between you and the engine",
    "files": "When it is handed in",
    "compose": "When the Compose file is read",
    "build": "While the image builds",
    "database": "Between the app and its database",
    "servers": "In the servers around the app",
    "start": "When the container starts",
    "changes": "When something changes",
    "answers": "When it is asked",
    "image": "In the image's record",
    "project": "In the project as a whole",
    "processes": "In its processes, and when it is stopped",
}
Groups = Mapping[str, tuple[Entry, ...]]


class Mistakes(SphinxDirective):
    """The diagnoses of this page's unit, those that the content lists by id, or those of one group.

    A group's stand on the page that every report links to: each under its id, and with a link on to its unit.
    """

    has_content = True
    option_spec = {"group": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        group = self.options.get("group", "")
        box = nodes.container("", classes=["mistakes"], part="mistakes")
        if not group:
            box += heading(self, "Common mistakes")
        # Symptoms and commands are quoted to the letter: no curly quotes.
        box["support_smartquotes"] = False
        self.set_source_info(box)
        folder = root_of(self) / CATALOGUE
        for file in sorted(folder.glob("*.toml")):
            self.env.note_dependency(str(file))
        try:
            known = {name: spec.value.diagnosis for name, spec in read_groups(folder).items()}
        except SpecError as error:
            warn("mistakes", f"mistakes: {error}", box)
            return [box]
        box += self._of_group(group, known, box) if group else self._of_page(known, box)
        return [box]

    def _of_group(self, group: str, known: Groups, box: nodes.Element) -> Iterator[nodes.Node]:
        if group not in known:
            warn("mistakes", f"mistakes: no group {group!r} in {CATALOGUE.as_posix()}: {', '.join(known)}", box)
        for entry in known.get(group, ()):
            yield self._entry(entry, entry.id, *self._taught(entry))

    def _of_page(self, known: Groups, box: nodes.Element) -> Iterator[nodes.Node]:
        """The chosen entries, under the moment at which they show, where they show at more than one."""
        chosen = self._chosen(known, box)
        for group, entries in chosen.items():
            if len(chosen) > 1:
                yield paragraph(self, MOMENTS.get(group, group), "mistake-moment")
            for entry in entries:
                yield self._entry(entry, f"mistake-{entry.id}")

    def _chosen(self, known: Groups, box: nodes.Element) -> dict[str, list[Entry]]:
        listed = {line.strip() for line in self.content if line.strip()}
        slug = self.env.docname.split("/")[0]
        ids = {entry.id for entries in known.values() for entry in entries}
        for name in sorted(listed - ids):
            warn("mistakes", f"mistakes: no diagnosis {name!r} in {CATALOGUE.as_posix()}", box)
        found = {
            group: [entry for entry in entries if (entry.id in listed if listed else entry.unit == slug)]
            for group, entries in known.items()
        }
        found = {group: entries for group, entries in found.items() if entries}
        if not found and not listed:
            warn("mistakes", f"mistakes: no diagnosis of the unit {slug!r} in {CATALOGUE.as_posix()}", box)
        return found

    def _entry(self, entry: Entry, target: str, *more: nodes.Node) -> nodes.Node:
        """The symptom, which opens what is behind it; a browser that is sent to the target opens it as well."""
        rows = nodes.definition_list(
            "",
            self._row("Cause", [paragraph(self, show(entry.cause))]),
            self._row("How to look", command(show(entry.look))),
            self._row("Mend", [paragraph(self, show(entry.mend))]),
            *more,
        )
        body = nodes.container("", rows, ids=[target], names=[target], classes=["mistake-body"])
        self.set_source_info(body)
        self.state.document.note_explicit_target(body)
        symptom = show(entry.symptom)
        line = summary("", "", nodes.literal(symptom, symptom, classes=["symptom"]))
        return disclosure("", line, body, classes=["mistake"])

    def _taught(self, entry: Entry) -> Iterator[nodes.Node]:
        """A row that leads on to the unit, once that is written."""
        page = Path(self.env.doc2path(f"{entry.unit}/index"))
        if not page.is_file():
            self.env.note_dependency(str(page))  # this page is to be read again when it comes
            return
        yield self._row("Taught in", [nodes.paragraph("", "", unit_link(self, entry.unit))])

    def _row(self, name: str, content: list[nodes.Node]) -> nodes.definition_list_item:
        term = nodes.term(name, name)
        self.set_source_info(term)
        return nodes.definition_list_item("", term, nodes.definition("", *content))


def show(text: str) -> str:
    """The text with its placeholders shown by name."""
    return PLACEHOLDER.sub(r"‹\1›", text).strip()  # noqa: RUF001 - no < or >, which a shell would take for its own


def command(text: str) -> list[nodes.Node]:
    """A command as a block of its own, to be read and copied."""
    return [nodes.literal_block(text, text, language="none", classes=["look"])]
