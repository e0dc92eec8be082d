"""The form that quiz, predict, fill-in and parsons share: nodes that read as plain lists wherever there is no HTML."""

from collections.abc import Iterable, Sequence

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from grader.sphinx.markup import ID, disclose, warn

ANSWERS = "Answers and why"


class question_form(nodes.admonition):
    """One question: a title, and a body with a legend, the means to answer and a disclosure with the replies."""


class question_body(nodes.container):
    """All that follows the form's title, in HTML a fieldset."""


class question_legend(nodes.paragraph):
    """The first paragraph of the question, which names the whole group of controls."""


class quiz_choices(nodes.enumerated_list):
    """The options of a quiz."""


class quiz_choice(nodes.list_item):
    """One option: a paragraph."""


class quiz_choice_text(nodes.paragraph):
    """What an option says."""


class question_blank(nodes.paragraph):
    """Where an answer is typed."""


class parsons_lines(nodes.enumerated_list):
    """The lines to put in order, shuffled."""


class parsons_line(nodes.list_item):
    """One of them; `place` is where it belongs, or -1."""


class parsons_code(nodes.literal):
    """The text of a line, its indentation kept."""


class question_reply(nodes.list_item):
    """The feedback for one answer; `answer` says which."""


def start(directive: SphinxDirective, kind: str, label: str) -> question_form:
    """The form of the question that the directive describes, still empty."""
    name = directive.arguments[0]
    form = question_form(ids=[f"question-{name}"], classes=["question", f"question-{kind}"])
    directive.set_source_info(form)
    form.attributes |= {"kind": kind, "question": name, "objective": directive.options.get("objective", "")}
    title = nodes.title(label, label)
    directive.set_source_info(title)
    form += title
    if not ID.fullmatch(name):
        warn(
            "question",
            f"the id {name!r} must be lower-case words joined by hyphens, such as hello-publish",
            form,
        )
    return form


def ask(form: question_form, blocks: list[nodes.Node]) -> question_body:
    """Put the question into the form; its first paragraph names the controls. Returns the body, to be gone on with."""
    first = blocks[0] if blocks else None
    if not isinstance(first, nodes.paragraph):
        warn("question", f"{form['question']}: a question starts with a paragraph that asks it", form)
        first = nodes.paragraph()
        blocks = [first, *blocks]
    line = question_legend(first.rawsource, "", *first.children)
    line.source, line.line = first.source, first.line
    body = question_body("", line, *blocks[1:])
    form += body
    return body


def told(
    answer: str, mark: str, feedback: Sequence[nodes.Node], like: nodes.Node, *, right: bool = False
) -> question_reply:
    """The reply to one answer: a short mark, then the feedback."""
    line = nodes.paragraph(mark, "", nodes.strong(mark, mark), classes=["mark"])
    line.source, line.line = like.source, like.line
    return question_reply("", line, *feedback, answer=answer, right=right)


def explain(directive: SphinxDirective, content: Iterable[nodes.Node], title: str = ANSWERS) -> nodes.Node:
    """The closed box that holds the replies: all there is without JavaScript, the source of the verdict with it."""
    return disclose(directive, title, content, "answers")
