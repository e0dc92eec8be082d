"""The directives `quiz` and `predict`: options with feedback on every one."""

import re

from docutils import nodes
from docutils.parsers.rst import directives
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

from grader.sphinx.markup import warn
from grader.sphinx.questions import (
    ask,
    explain,
    question_form,
    quiz_choice,
    quiz_choice_text,
    quiz_choices,
    start,
    told,
)

# An option's mark; docutils would read a bare "(x)" as the tenth item of a numbered list, so it is escaped first.
BULLET = re.compile(r"^([*+-] +)(?=\([ x]\) |\[[ x]\] )")
MARK = re.compile(r"^\\?([(\[])([ x])[)\]] +")


class Quiz(SphinxDirective):
    """A question with options: ( ) and (x) where one is right, [ ] and [x] where any number may be."""

    required_arguments = 1
    final_argument_whitespace = False
    has_content = True
    option_spec = {"objective": directives.unchanged_required}

    kind = "quiz"
    label = "Checkpoint"
    many_allowed = True

    def run(self) -> list[nodes.Node]:
        form = start(self, self.kind, self.label)
        escape_marks(self.content)
        blocks = self.parse_content_to_nodes()
        if not blocks or not isinstance(blocks[-1], nodes.bullet_list):
            warn(
                "quiz",
                f"{form['question']}: the options are missing: a bullet list that ends the question",
                form,
            )
            ask(form, blocks)
            return [form]
        ask(form, blocks[:-1]).extend(self._options(form, blocks[-1]))
        return [form]

    def _options(self, form: question_form, items: nodes.bullet_list) -> list[nodes.Node]:
        name = form["question"]
        options = quiz_choices(enumtype="upperalpha", prefix="", suffix=".", question=name)
        replies: list[nodes.Node] = []
        marks: list[str] = []
        for item in items.children:
            if not isinstance(item, nodes.list_item):
                continue
            option, mark = read_option(name, item)
            marks.append(mark)
            right = mark.endswith("x")
            feedback = item.children[1:]
            if not feedback:
                warn("quiz", f"{name}: the option {option.astext()!r} has no feedback", option)
            replies.append(told(str(len(replies)), "Right." if right else "Not right.", feedback, option, right=right))
            options += quiz_choice("", option)
        options["many"] = any(mark.startswith("[") for mark in marks)
        for fault in self._faults(marks):
            warn("quiz", f"{name}: {fault}", form)
        answers = nodes.enumerated_list("", *replies, enumtype="upperalpha", prefix="", suffix=".")
        return [options, explain(self, [answers])]

    def _faults(self, marks: list[str]) -> list[str]:
        right = sum(mark.endswith("x") for mark in marks)
        kinds = {mark[0] for mark in marks if mark}
        faults = []
        if len(marks) < 2:
            faults.append("a question needs two options at least")
        if len(kinds) > 1:
            faults.append("round and square marks are mixed: ( ) for one right option, [ ] for any number")
        elif kinds == {"["} and not self.many_allowed:
            faults.append(f"a {self.kind} has one right option: mark them with ( ) and (x)")
        if right == 0:
            faults.append("no option is marked right, with (x) or [x]")
        elif right > 1 and "[" not in kinds:
            faults.append(f"{right} options are marked (x): one can be right, or mark them [ ] and [x]")
        return faults


class Predict(Quiz):
    """A quiz that is answered before the code is run."""

    kind = "predict"
    label = "Predict"
    many_allowed = False


def escape_marks(content: StringList) -> None:
    """Keep docutils from reading the marks of the options as list markers."""
    for number, line in enumerate(content):
        content[number] = BULLET.sub(r"\1\\", line)


def read_option(name: str, item: nodes.list_item) -> tuple[quiz_choice_text, str]:
    """What an option says, and its mark, such as "(x", or nothing where it has none."""
    first = item[0] if len(item) and isinstance(item[0], nodes.paragraph) else nodes.paragraph()
    text = first.astext()
    found = MARK.match(text)
    option = quiz_choice_text(MARK.sub("", first.rawsource), "", *first.children)
    option.source, option.line = first.source or item.source, first.line or item.line
    if not found:
        warn("quiz", f"{name}: the option {text!r} has no mark: start it with ( ), (x), [ ] or [x]", option)
        return option, ""
    strip_front(option, found.end())
    return option, found[1] + found[2]


def strip_front(node: nodes.Element, count: int) -> None:
    """Take the first `count` characters off a paragraph that starts with plain text."""
    rest = node[0].astext()[count:]
    node[0:1] = [nodes.Text(rest)] if rest else []
