"""The directive `explorer`: choices that the reader makes, and for each what a recorded run did."""

from collections.abc import Iterable, Sequence

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from grader.errors import SpecError
from grader.sphinx import explorer_html
from grader.sphinx.explorer_facts import KINDS, Choice, Record, Run, Words, files, load
from grader.sphinx.explorer_html import (
    explorer_choice,
    explorer_form,
    explorer_legend,
    explorer_option,
    explorer_step,
    explorer_steps,
)
from grader.sphinx.explorer_rows import Row, rows
from grader.sphinx.explorer_tell import TELL, Step, Told
from grader.sphinx.markup import disclosure, heading, paragraph, root_of, summary, warn, words

WIDTHS = {"choice": 12, "short": 20, "steps": 40}


class Explorer(SphinxDirective):
    """A table of recorded runs, and in HTML the controls that find a run in it."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        name = self.arguments[0]
        box = nodes.container(classes=["explorer", f"explorer-{name}"], ids=[f"explorer-{name}"])
        # Commands and messages are quoted to the letter: no curly quotes.
        box["support_smartquotes"] = False
        self.set_source_info(box)
        if name not in KINDS:
            warn("explorer", f"explorer: no explorer {name!r}: there are {', '.join(KINDS)}", box)
            return []
        for file in files(root_of(self), name):
            self.env.note_dependency(str(file))
        try:
            authored, record = load(root_of(self), name)
        except SpecError as error:
            warn("explorer", f"explorer: {error}", box)
            return []
        box += heading(self, authored.title, 3)
        box += paragraph(self, authored.lead)
        box += self._form(name, authored)
        box += self._runs(name, authored, record)
        return [box]

    def _form(self, name: str, authored: Words) -> nodes.Node:
        form = explorer_form("", *(self._choice(name, choice) for choice in authored.choice))
        self.set_source_info(form)
        return form

    def _choice(self, name: str, choice: Choice) -> nodes.Node:
        field = f"{name}-{choice.id}"
        legend = explorer_legend(choice.asks, "", *words(choice.asks))
        options = [
            explorer_option(option.says, "", *words(option.says), field=field, value=option.id)
            for option in choice.option
        ]
        for node in (legend, *options):
            self.set_source_info(node)
        return explorer_choice("", legend, *options)

    def _runs(self, name: str, authored: Words, record: Record[Run]) -> nodes.Node:
        """Every run, in as few rows as tell them all; open, so that it is read where there is no script."""
        line = summary("", "", nodes.Text("All recorded runs, as a table"))
        self.set_source_info(line)
        noted = paragraph(
            self, f"{authored.note} Recorded on {record.day} with Docker {record.engine}.", "explorer-note"
        )
        return disclosure("", line, self._table(name, authored, record), noted, classes=["explorer-runs"], opened=True)

    def _table(self, name: str, authored: Words, record: Record[Run]) -> nodes.table:
        found = rows((run.choose, TELL[name](run)) for run in in_order(authored, record.runs))
        longest = max((step.end for row in found for step in row.outcome.steps), default=0.0)
        widths = [*(WIDTHS["choice"] for _ in authored.choice), WIDTHS["short"], WIDTHS["steps"]]
        heads = [*(choice.head for choice in authored.choice), "In short", "Step by step"]
        group = nodes.tgroup("", *(nodes.colspec(colwidth=width) for width in widths), cols=len(widths))
        group += nodes.thead("", table_row([paragraph(self, head)] for head in heads))
        group += nodes.tbody("", *(self._row(name, authored, row, longest) for row in found))
        table = nodes.table("", group, classes=["explorer-table"])
        self.set_source_info(table)
        return table

    def _row(self, name: str, authored: Words, row: Row[Told], longest: float) -> nodes.row:
        cells: list[list[nodes.Node]] = []
        for choice in authored.choice:
            cells.append([paragraph(self, spoken(choice, row.options[choice.id]))])
        cells.append([paragraph(self, row.outcome.short, "explorer-short")])
        steps = explorer_steps("", *(self._step(step, longest) for step in row.outcome.steps))
        steps["options"] = {f"{name}-{choice}": list(options) for choice, options in row.options.items()}
        cells.append([steps])
        return table_row(cells)

    def _step(self, step: Step, longest: float) -> nodes.Node:
        bar = (step.start / longest, step.end / longest) if step.end and longest else ()
        return explorer_step("", paragraph(self, step.says), state=step.state.value, bar=bar)


def in_order(authored: Words, runs: Sequence[Run]) -> list[Run]:
    """The runs in the order of the choices and their options, as a table is read."""
    places = {choice.id: [option.id for option in choice.option] for choice in authored.choice}
    return sorted(runs, key=lambda run: [places[name].index(run.choose[name]) for name in places])


def spoken(choice: Choice, chosen: Sequence[str]) -> str:
    """The options of a cell: all of them are authored as one word."""
    if len(chosen) == len(choice.option):
        return "any"
    return ", ".join(option.cell or option.says for option in choice.option if option.id in chosen)


def table_row(cells: Iterable[Sequence[nodes.Node]]) -> nodes.row:
    return nodes.row("", *(nodes.entry("", *cell) for cell in cells))


def setup(app: Sphinx) -> None:
    explorer_html.setup(app)
    app.add_directive("explorer", Explorer)
