"""How the scores of a class lie, drawn: columns of an SVG that stands in a page, beside a table of the same."""

from collections.abc import Sequence

from markupsafe import Markup

from grader.render.gradebook.summary import Bin

WIDTH, HEIGHT = 480, 160
TOP, BOTTOM = 22, 24  # room for the numbers above the columns, and below them
GAP = 0.18  # of a column's width
LABELS = 12  # at most so many columns have room for a label


def chart(bins: Sequence[Bin]) -> Markup:
    """Drawn with attributes alone: the page's policy lets no style stand in an element."""
    most = max((each.count for each in bins), default=0) or 1
    step = WIDTH / max(len(bins), 1)
    every = -(-len(bins) // LABELS)
    columns = [_column(each, at, step, most, shown=at % every == 0 or each is bins[-1]) for at, each in enumerate(bins)]
    base = HEIGHT - BOTTOM
    return Markup(
        '<svg class="chart" viewBox="0 0 {w} {h}" role="img" aria-labelledby="-scores-title">'
        '<title id="-scores-title">How many students have how many points; the table below has the numbers.</title>'
        '{columns}<line x1="0" y1="{base}" x2="{w}" y2="{base}"/></svg>'
    ).format(w=WIDTH, h=HEIGHT, base=base, columns=Markup("").join(columns))


def _column(each: Bin, at: int, step: float, most: int, *, shown: bool) -> Markup:
    height = (HEIGHT - TOP - BOTTOM) * each.count / most
    left, middle, top = at * step + step * GAP / 2, (at + 0.5) * step, HEIGHT - BOTTOM - height
    parts = []
    if each.count:
        size = step * (1 - GAP), height
        parts.append(
            Markup('<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" rx="2"/>').format(left, top, *size)
        )
        parts.append(Markup('<text x="{:.1f}" y="{:.1f}">{}</text>').format(middle, top - 6, each.count))
    if shown:
        label = each.label.split(" ")[0]
        parts.append(Markup('<text class="label" x="{:.1f}" y="{}">{}</text>').format(middle, HEIGHT - 6, label))
    return Markup("").join(parts)
