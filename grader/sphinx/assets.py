"""Styles for every page, and for each page only the scripts that it uses."""

from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config

from grader.sphinx.explorer_html import explorer_form
from grader.sphinx.progress import progress_panel
from grader.sphinx.questions import question_form

HERE = Path(__file__).parent
STYLES = ("colors.css", "page.css", "parts.css")


def add_folders(app: Sphinx, config: Config) -> None:
    config.html_static_path.append(str(HERE / "static"))
    config.templates_path.append(str(HERE / "templates"))


def add_scripts(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    if doctree is None:
        return
    kinds = {form["kind"] for form in doctree.findall(question_form)}
    used = {
        "quiz": kinds & {"quiz", "predict"},
        "fill-in": kinds & {"fill-in"},
        "parsons": kinds & {"parsons"},
        "progress-panel": any(True for _ in doctree.findall(progress_panel)),
        "solution": any("solution" in node["classes"] for node in doctree.findall(nodes.container)),
    }
    names = [name for name, wanted in used.items() if wanted]
    shared = ["progress", *(["question"] if kinds else [])] if names else []
    if any(True for _ in doctree.findall(explorer_form)):
        app.add_css_file("explorer.css")
        names.append("explorer")
    for name in (*shared, *names):
        app.add_js_file(f"{name}.js", loading_method="defer")


def setup(app: Sphinx) -> None:
    app.connect("config-inited", add_folders)
    app.connect("html-page-context", add_scripts)
    for style in STYLES:
        app.add_css_file(style)
    # Not deferred: the chosen colors must be there before the page is painted.
    app.add_js_file("page.js")
