"""The directive `fill-in`: an answer that is typed, with feedback for the wrong ones that teach something."""

import re

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

from grader.sphinx.markup import warn
from grader.sphinx.questions import ask, explain, question_blank, question_form, question_reply, start, told

DASHES = re.compile(r"\s+--\s+")
RAW_DASHES = re.compile(r"(?<=``)\s+--\s+")
BETWEEN = re.compile(r"\s\|\s")  # answers may go on over several lines
ANY = "*"


class FillIn(SphinxDirective):
    """A question whose answer is typed; several may be accepted, white space is folded."""

    required_arguments = 1
    final_argument_whitespace = False
    has_content = True
    option_spec = {
        "objective": directives.unchanged_required,
        "answer": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        form = start(self, "fill-in", "Fill in")
        name = form["question"]
        form["accept"] = [fold(answer) for answer in BETWEEN.split(self.options.get("answer", "")) if fold(answer)]
        if not form["accept"]:
            warn("fill-in", f"{name}: no answer is accepted: give :answer:", form)
        blocks = self.parse_content_to_nodes()
        last = blocks.pop() if blocks and isinstance(blocks[-1], nodes.bullet_list) else nodes.bullet_list()
        replies = [self._reply(form, item) for item in last.children if isinstance(item, nodes.list_item)]
        if not any(reply["answer"] == ANY for reply in replies):
            warn("fill-in", f"{name}: no feedback for other wrong answers: add the item ``*`` -- ...", form)
        line = question_blank("", "", nodes.Text("______________"), translatable=False)
        answers = [accepted(form["accept"]), nodes.bullet_list("", *replies)]
        ask(form, blocks).extend([line, explain(self, answers, "Answer and why")])
        return [form]

    def _reply(self, form: question_form, item: nodes.list_item) -> question_reply:
        """The reply to one answer, from an item such as: ``docker build hello`` -- the context is missing."""
        first = item[0] if len(item) else None
        if not isinstance(first, nodes.paragraph) or not (dashes := after_code(first)):
            warn("fill-in", f"{form['question']}: write ``answer`` -- feedback, not {item.astext()!r}", item)
            return told("", "", item.children, item)
        answer = fold(first[0].astext())
        raw = RAW_DASHES.split(first.rawsource, maxsplit=1)[-1]
        feedback = nodes.paragraph(raw, "", nodes.Text(first[1].astext()[dashes:]), *first.children[2:])
        feedback.source, feedback.line = first.source, first.line
        mark = "Anything else" if answer == ANY else answer
        return told(answer, mark, [feedback, *item.children[1:]], feedback, right=answer in form["accept"])


def accepted(answers: list[str]) -> nodes.paragraph:
    """The line that names what is accepted."""
    line = nodes.paragraph(classes=["accepted"])
    for number, answer in enumerate(answers):
        line += [nodes.Text(" or " if number else ""), nodes.literal(answer, answer)]
    return line


def after_code(line: nodes.paragraph) -> int:
    """How many characters the dashes take between the code a paragraph starts with and the rest; 0 without them."""
    if len(line) < 2 or not isinstance(line[0], nodes.literal) or not isinstance(line[1], nodes.Text):
        return 0
    found = DASHES.match(line[1].astext())
    return found.end() if found else 0


def fold(answer: str) -> str:
    """The answer with its white space folded, as the page folds what is typed."""
    return " ".join(answer.split())
