"""How an explorer is written: in HTML a form beside the table, everywhere else the table alone."""

import html
import json
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.writers.html5 import HTML5Translator

# Filled by the script out of the table's own cells. What is announced is the short answer alone.
RESULT = (
    '<div class="explorer-result">'
    '<div class="explorer-answer" role="status" aria-live="off"></div><div class="explorer-picture"></div></div>\n'
)


class explorer_form(nodes.container):
    """The controls; hidden until a script takes over."""


class explorer_choice(nodes.container):
    """One choice: a legend, then its options."""


class explorer_legend(nodes.paragraph):
    """What is asked, the name of the group of controls."""


class explorer_option(nodes.paragraph):
    """One option; `field` and `value` are those of its control."""


class explorer_steps(nodes.bullet_list):
    """The steps of a run; `options` says for which choices: field to values."""


class explorer_step(nodes.list_item):
    """One step; `state` is its kind, `bar` where on the common scale from 0 to 1 it begins and ends."""


class DropForms(SphinxPostTransform):
    """Takes the controls away where nothing can be chosen; the table says it all."""

    default_priority = 900
    formats = ("latex", "man", "texinfo", "text")

    def run(self, **kwargs: object) -> None:
        for form in list(self.document.findall(explorer_form)):
            form.parent.remove(form)


def open_form(self: HTML5Translator, node: nodes.Element) -> None:
    self.body.append(
        '<form class="explorer-form" hidden="hidden" autocomplete="off">\n<div class="explorer-choices">\n'
    )


def close_form(self: HTML5Translator, node: nodes.Element) -> None:
    self.body.append(f"</div>\n{RESULT}</form>\n")


def open_choice(self: HTML5Translator, node: nodes.Element) -> None:
    self.body.append("<fieldset>\n")


def close_choice(self: HTML5Translator, node: nodes.Element) -> None:
    self.body.append("</fieldset>\n")


def open_legend(self: HTML5Translator, node: nodes.Element) -> None:
    self.body.append("<legend>")


def close_legend(self: HTML5Translator, node: nodes.Element) -> None:
    self.body.append("</legend>\n")


def open_option(self: HTML5Translator, node: nodes.Element) -> None:
    field, value = html.escape(node["field"]), html.escape(node["value"])
    first = ' checked="checked"' if node.parent.index(node) == 1 else ""
    self.body.append(f'<label><input type="radio" name="{field}" value="{value}"{first} /><span>')


def close_option(self: HTML5Translator, node: nodes.Element) -> None:
    self.body.append("</span></label>\n")


def open_steps(self: HTML5Translator, node: nodes.Element) -> None:
    data: dict[str, Any] = {"data-options": json.dumps(node["options"])}
    self.body.append(self.starttag(node, "ul", CLASS="explorer-steps", **data))


def close_steps(self: HTML5Translator, node: nodes.Element) -> None:
    self.body.append("</ul>\n")


def open_step(self: HTML5Translator, node: nodes.Element) -> None:
    data: dict[str, Any] = {}
    if node["bar"]:
        start, end = node["bar"]
        data = {"data-from": f"{start:.4f}", "data-to": f"{end:.4f}"}
    self.body.append(self.starttag(node, "li", "", CLASS=f"explorer-step is-{node['state']}", **data))


def close_step(self: HTML5Translator, node: nodes.Element) -> None:
    self.body.append("</li>\n")


def setup(app: Sphinx) -> None:
    app.add_node(explorer_form, html=(open_form, close_form))
    app.add_node(explorer_choice, html=(open_choice, close_choice))
    app.add_node(explorer_legend, html=(open_legend, close_legend))
    app.add_node(explorer_option, html=(open_option, close_option))
    app.add_node(explorer_steps, html=(open_steps, close_steps))
    app.add_node(explorer_step, html=(open_step, close_step))
    app.add_post_transform(DropForms)
