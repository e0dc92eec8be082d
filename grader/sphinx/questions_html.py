"""How the questions are written in HTML: real forms, fieldsets and labels, with the replies in a <details>."""

import html
import json
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

from grader.sphinx.questions import (
    parsons_code,
    parsons_line,
    parsons_lines,
    question_blank,
    question_body,
    question_form,
    question_legend,
    question_reply,
    quiz_choice,
    quiz_choice_text,
    quiz_choices,
)

# Disabled until a script takes over, so that Enter does not send the form where there is none.
CONTROLS = (
    '<div class="controls" hidden="hidden">'
    '<button type="submit" class="check" disabled="disabled">Check</button></div>\n'
    '<div class="verdict" role="status" aria-live="polite"></div>\n'
)


def open_form(self: HTML5Translator, node: nodes.Element) -> None:
    data = {f"data-{key}": node[key] for key in ("kind", "question")}
    if "accept" in node:
        data["data-accept"] = json.dumps(node["accept"])
    self.body.append(self.starttag(node, "form", **data))


def close_form(self: HTML5Translator, node: nodes.Element) -> None:
    self.body.append("</form>\n")


def open_body(self: HTML5Translator, node: nodes.Element) -> None:
    self.body.append(self.starttag(node, "fieldset"))


def close_body(self: HTML5Translator, node: nodes.Element) -> None:
    self.body.append("</fieldset>\n")


def open_legend(self: HTML5Translator, node: nodes.Element) -> None:
    self.body.append(self.starttag(node, "legend", ""))


def close_legend(self: HTML5Translator, node: nodes.Element) -> None:
    self.body.append("</legend>\n")


def open_choices(self: HTML5Translator, node: nodes.Element) -> None:
    self.body.append(self.starttag(node, "div", CLASS="choices"))


def close_choices(self: HTML5Translator, node: nodes.Element) -> None:
    self.body.append("</div>\n" + CONTROLS)


def open_choice(self: HTML5Translator, node: nodes.Element) -> None:
    number = node.parent.index(node)
    control = "checkbox" if node.parent["many"] else "radio"
    name = html.escape(node.parent["question"])
    self.body.append(
        f'<label class="choice"><input type="{control}" name="{name}" value="{number}" autocomplete="off" />'
        f'<span class="letter">{chr(ord("A") + number)}</span> '
    )


def close_choice(self: HTML5Translator, node: nodes.Element) -> None:
    self.body.append("</label>\n")


def open_choice_text(self: HTML5Translator, node: nodes.Element) -> None:
    self.body.append('<span class="choice-text">')


def close_choice_text(self: HTML5Translator, node: nodes.Element) -> None:
    self.body.append("</span>")


def write_blank(self: HTML5Translator, node: nodes.Element) -> None:
    self.body.append(
        '<input type="text" class="blank" aria-label="Your answer" autocomplete="off" autocapitalize="off" '
        f'autocorrect="off" spellcheck="false" />\n{CONTROLS}'
    )
    raise nodes.SkipNode


def open_lines(self: HTML5Translator, node: nodes.Element) -> None:
    self.body.append(self.starttag(node, "ol", CLASS="parsons-lines"))


def close_lines(self: HTML5Translator, node: nodes.Element) -> None:
    self.body.append("</ol>\n" + CONTROLS)


def open_line(self: HTML5Translator, node: nodes.Element) -> None:
    data: dict[str, Any] = {"data-place": str(node["place"])}
    self.body.append(self.starttag(node, "li", "", CLASS="parsons-line", **data))


def close_line(self: HTML5Translator, node: nodes.Element) -> None:
    self.body.append("</li>\n")


def write_code(self: HTML5Translator, node: nodes.Element) -> None:
    self.body.append(f'<code class="parsons-code">{html.escape(node.astext())}</code>')
    raise nodes.SkipNode


def open_reply(self: HTML5Translator, node: nodes.Element) -> None:
    data = {"data-answer": node["answer"], "data-right": "true" if node["right"] else "false"}
    self.body.append(self.starttag(node, "li", "", CLASS="reply", **data))


def close_reply(self: HTML5Translator, node: nodes.Element) -> None:
    self.body.append("</li>\n")


def setup(app: Sphinx) -> None:
    app.add_node(question_form, html=(open_form, close_form))
    app.add_node(question_body, html=(open_body, close_body))
    app.add_node(question_legend, html=(open_legend, close_legend))
    app.add_node(quiz_choices, html=(open_choices, close_choices))
    app.add_node(quiz_choice, html=(open_choice, close_choice))
    app.add_node(quiz_choice_text, html=(open_choice_text, close_choice_text))
    app.add_node(question_blank, html=(write_blank, None))
    app.add_node(parsons_lines, html=(open_lines, close_lines))
    app.add_node(parsons_line, html=(open_line, close_line))
    app.add_node(parsons_code, html=(write_code, None))
    app.add_node(question_reply, html=(open_reply, close_reply))
