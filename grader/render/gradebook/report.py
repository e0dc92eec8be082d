"""report.html: a class on one page for the instructor, each student's whole result a click away."""

from dataclasses import replace

from grader.batch.gradebook import Gradebook
from grader.catalogue import anchor
from grader.render.gradebook import summary
from grader.render.gradebook.chart import chart
from grader.render.gradebook.details import Line, lines
from grader.render.gradebook.html import page
from grader.render.gradebook.options import Options
from grader.render.gradebook.standing import remarks
from grader.render.gradebook.writing import Drawing

FILE = "report.html"
# A thousand students are on the page: how a mistake is mended stands once, with the mistake, and in the feedback.
LEFT_OUT = frozenset({"look", "mend", "hint", "learn"})
LOG_LINES = 3


def draw(gradebook: Gradebook, options: Options) -> Drawing:
    """One file that needs no network, and without its script lacks nothing but sorting and searching."""
    points = summary.scores(gradebook)
    bins = summary.distribution(gradebook)
    text = page(
        "report.html.jinja",
        anchor=lambda name: options.page(anchor(name)),
        bins=bins,
        book=gradebook,
        causes=summary.causes(gradebook),
        chart=chart(bins),
        concerns=tuple(summary.concerns(gradebook)),
        counts=summary.counts(gradebook),
        full=sum(each >= gradebook.max_points for each in points),
        lines=lambda entry: [_shorter(line) for line in lines(entry, gradebook, options)],
        names={entry.student.key: entry for entry in gradebook.entries},
        points=points,
        quartiles=summary.quartiles(points),
        rates=summary.rates(gradebook),
        remarks=lambda entry: tuple(remarks(entry, gradebook)),
        stages=summary.stages(gradebook),
        unexplained=summary.unexplained(gradebook),
    )
    return Drawing(files=[(FILE, text)])


def _shorter(line: Line) -> Line:
    fields = (replace(each, text=_end(each.text)) if each.label == "log" else each for each in line.fields)
    return replace(line, fields=tuple(each for each in fields if each.label not in LEFT_OUT))


def _end(log: str) -> str:
    return "\n".join(log.split("\n")[-LOG_LINES:])
