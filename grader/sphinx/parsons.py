"""The directive `parsons`: lines to put in order, some of which are not needed."""

import hashlib
import random

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

from grader.sphinx.markup import paragraph, warn
from grader.sphinx.questions import ask, explain, parsons_code, parsons_line, parsons_lines, start

DISTRACTOR = "#distractor "


class Parsons(SphinxDirective):
    """Lines in a code block, given in the right order and shown shuffled."""

    required_arguments = 1
    final_argument_whitespace = False
    has_content = True
    option_spec = {
        "objective": directives.unchanged_required,
        "language": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        form = start(self, "parsons", "Put in order")
        name = form["question"]
        blocks = self.parse_content_to_nodes()
        place = next((n for n, block in enumerate(blocks) if isinstance(block, nodes.literal_block)), None)
        if place is None:
            warn(
                "parsons",
                f"{name}: the lines are missing: give them in a code block, in the right order",
                form,
            )
            ask(form, blocks)
            return [form]
        code = [line for line in blocks[place].astext().splitlines() if line.strip()]
        needed = [line for line in code if not line.startswith(DISTRACTOR)]
        spare = [line.removeprefix(DISTRACTOR) for line in code if line.startswith(DISTRACTOR)]
        if len(set(needed)) < 2:
            warn(
                "parsons",
                f"{name}: there is nothing to put in order: two different lines are needed at least",
                form,
            )
        feedback = blocks[place + 1 :]
        if not feedback:
            warn("parsons", f"{name}: no feedback: say below the code block why this order is right", form)
        answer = [*self._answer(needed, spare), nodes.container("", *feedback, classes=["why"])]
        ask(form, blocks[:place]).extend([show(name, needed, spare), explain(self, answer, "The order and why")])
        return [form]

    def _answer(self, needed: list[str], spare: list[str]) -> list[nodes.Node]:
        text = "\n".join(needed)
        block = nodes.literal_block(text, text, language=self.options.get("language", "none"), classes=["answer"])
        self.set_source_info(block)
        if not spare:
            return [block]
        note = paragraph(self, "Not needed: ", "spare")
        for number, line in enumerate(spare):
            note += [nodes.Text(", " if number else ""), nodes.literal(line, line)]
        return [block, note]


def show(name: str, needed: list[str], spare: list[str]) -> parsons_lines:
    """The lines as the page shows them at first."""
    shown = parsons_lines(enumtype="arabic", prefix="", suffix=".")
    for place, text in shuffled(name, needed, spare):
        shown += parsons_line("", nodes.paragraph("", "", parsons_code(text, text), translatable=False), place=place)
    return shown


def shuffled(name: str, needed: list[str], spare: list[str]) -> list[tuple[int, str]]:
    """Each line after its place (-1: not needed), in an order that hangs on the id alone and is never the right one."""
    lines = [*enumerate(needed), *((-1, text) for text in spare)]
    chance = random.Random(hashlib.sha256(name.encode()).digest())  # noqa: S311 - a shuffle that must repeat
    for _ in range(100):
        chance.shuffle(lines)
        if [text for place, text in lines if place >= 0] != needed:
            break
    return lines
