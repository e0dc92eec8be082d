"""A picture of a report for a page to show: an SVG without scripts, with nothing fetched from elsewhere."""

import html
import io
from pathlib import Path

from rich.console import Console

from grader.render.board import Board
from grader.render.text import render
from grader.report import Report

FONTS = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace"
ASPECT = 0.602  # width to height of a letter in most of these fonts

# rich's own template fetches a font; here each reader's own will do. The braces are doubled for str.format.
TEMPLATE = f"""\
<svg viewBox="0 0 {{width}} {{height}}" xmlns="http://www.w3.org/2000/svg" role="img" aria-label="ALT">
<style>
.{{unique_id}}-matrix {{{{ font: {{char_height}}px/{{line_height}}px {FONTS}; }}}}
.{{unique_id}}-title {{{{ font: bold 18px sans-serif; }}}}
{{styles}}
</style>
<defs>
<clipPath id="{{unique_id}}-clip-terminal">
<rect x="0" y="0" width="{{terminal_width}}" height="{{terminal_height}}"/>
</clipPath>
{{lines}}
</defs>
{{chrome}}
<g transform="translate({{terminal_x}}, {{terminal_y}})" clip-path="url(#{{unique_id}}-clip-terminal)">
{{backgrounds}}
<g class="{{unique_id}}-matrix">{{matrix}}</g>
</g>
</svg>
"""


def picture(report: Report, board: Board, *, alt: str, width: int = 80, book: Path | None = None) -> str:
    """The text report as a terminal of `width` columns shows it; `alt` is for who cannot see it."""
    console = Console(record=True, file=io.StringIO(), width=width, force_terminal=True, highlight=False)
    render(report, board, console, book=book)
    svg = console.export_svg(
        title=f"make grade EX={report.exercise}",
        code_format=TEMPLATE,
        font_aspect_ratio=ASPECT,
        unique_id="report",
    )
    return svg.replace("ALT", html.escape(alt), 1)
