"""How Sphinx builds the course: `make html`, or `python -m sphinx -c . -b html docs _build/html`."""

import contextlib
import io
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent
sys.path.insert(0, str(ROOT))  # so that `sphinx-build` finds the extension as well

# It prints that it cannot draw cards, as it is imported; none are wanted.
with contextlib.redirect_stdout(io.StringIO()):
    import sphinxext.opengraph  # type: ignore[import-untyped]  # noqa: F401 - for its silence

project = "Shipshape"
author = "The Shipshape authors"
project_copyright = f"2026, {author}"
language = "en"

extensions = [
    "grader.sphinx",
    "sphinx_design",
    "sphinx_copybutton",
    "sphinxext.opengraph",
    "notfound.extension",
]
nitpicky = True
exclude_patterns = ["_build", "**/files", "**/README.rst"]
# Two hyphens are the start of an option here, never a dash.
smartquotes_action = "qe"

# The course names its base images through these, as in |python-image|, so that no page falls behind the table.
images = tomllib.loads((ROOT / "images" / "versions.toml").read_text(encoding="utf-8"))["images"]
rst_epilog = "\n".join(f".. |{name}-image| replace:: ``{image['reference']}``" for name, image in images.items())

html_theme = "sphinx_rtd_theme"
html_theme_options = {
    "navigation_depth": 3,
    "prev_next_buttons_location": "bottom",
    "style_external_links": False,
}
html_title = "Shipshape"
html_show_sourcelink = False
html_show_sphinx = False
html_copy_source = False
html_permalinks_icon = "#"

# Copying takes the commands alone, without their prompts and without what they print.
copybutton_prompt_text = r"\$ "
copybutton_prompt_is_regexp = True
copybutton_only_copy_prompt_lines = True
copybutton_remove_prompts = True
copybutton_line_continuation_character = "\\"

# Tags that describe a page, and nothing that would have to be loaded: no card is drawn, no picture is named.
ogp_site_url = ""
ogp_social_cards = {"enable": False}
# The page for a missing address is only ever sent by a server, and ours serves the course at its root.
notfound_urls_prefix = "/"
