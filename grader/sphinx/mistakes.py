"""The directive `mistakes`: what the grader can name, drawn from its own catalogue."""

import itertools
from collections.abc import Iterator
from pathlib import Path

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from grader.diagnose import PLACEHOLDER, Catalogue, Entry
from grader.errors import SpecError
from grader.spec import read
from grader.sphinx.markup import disclosure, heading, paragraph, root_of, summary, warn

CATALOGUE = Path("grader", "diagnoses.toml")
MOMENTS = {
    "engine": "When you ask the engine",
    "intake": "When it is handed in",
    "build": "While the image builds",
    "start": "When the container starts",
    "http": "When it is asked",
    "image": "In the image's record",
    "stop": "When it is stopped",
}


class Mistakes(SphinxDirective):
    """The diagnoses of this page's unit, or those that the content lists by id."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        box = nodes.container("", *heading(self, "Common mistakes"), classes=["mistakes"], part="mistakes")
        # Symptoms and commands are quoted to the letter: no curly quotes.
        box["support_smartquotes"] = False
        self.set_source_info(box)
        file = root_of(self) / CATALOGUE
        self.env.note_dependency(str(file))
        try:
            known = read(file, Catalogue).value.diagnosis
        except SpecError as error:
            warn("mistakes", f"mistakes: {error}", box)
            return [box]
        box += self._grouped(tuple(self._choose(known, box)))
        return [box]

    def _grouped(self, entries: tuple[Entry, ...]) -> Iterator[nodes.Node]:
        """The entries, under the moment at which they show, where they show at more than one."""
        moments = [(moment, list(found)) for moment, found in itertools.groupby(entries, key=moment_of)]
        for moment, found in moments:
            if len(moments) > 1:
                yield paragraph(self, moment, "mistake-moment")
            yield from map(self._entry, found)

    def _choose(self, known: tuple[Entry, ...], box: nodes.Element) -> Iterator[Entry]:
        listed = [line.strip() for line in self.content if line.strip()]
        if listed:
            by_id = {entry.id: entry for entry in known}
            for name in listed:
                if name in by_id:
                    yield by_id[name]
                else:
                    warn("mistakes", f"mistakes: no diagnosis {name!r} in {CATALOGUE.as_posix()}", box)
            return
        slug = self.env.docname.split("/")[0]
        found = [entry for entry in known if entry.unit == slug]
        if not found:
            warn("mistakes", f"mistakes: no diagnosis of the unit {slug!r} in {CATALOGUE.as_posix()}", box)
        yield from found

    def _entry(self, entry: Entry) -> nodes.Node:
        """The symptom, which opens what is behind it; a browser that is sent to the target opens it as well."""
        target = f"mistake-{entry.id}"
        rows = nodes.definition_list(
            "",
            self._row("Cause", [paragraph(self, show(entry.cause))]),
            self._row("How to look", command(show(entry.look))),
            self._row("Mend", [paragraph(self, show(entry.mend))]),
        )
        body = nodes.container("", rows, ids=[target], names=[target], classes=["mistake-body"])
        self.set_source_info(body)
        self.state.document.note_explicit_target(body)
        symptom = show(entry.symptom)
        line = summary("", "", nodes.literal(symptom, symptom, classes=["symptom"]))
        return disclosure("", line, body, classes=["mistake"])

    def _row(self, name: str, content: list[nodes.Node]) -> nodes.definition_list_item:
        term = nodes.term(name, name)
        self.set_source_info(term)
        return nodes.definition_list_item("", term, nodes.definition("", *content))


def moment_of(entry: Entry) -> str:
    """When a student meets the mistake, from the kind of evidence that proves it."""
    kinds = entry.when.get("kind", "").split("|")
    return next((MOMENTS[kind] for kind in kinds if kind in MOMENTS), "Otherwise")


def show(text: str) -> str:
    """The text with its placeholders shown by name."""
    return PLACEHOLDER.sub(r"‹\1›", text).strip()  # noqa: RUF001 - no < or >, which a shell would take for its own


def command(text: str) -> list[nodes.Node]:
    """A command as a block of its own, to be read and copied."""
    return [nodes.literal_block(text, text, language="none", classes=["look"])]
