"""What a student is told of each result: the same in every form, as lines and labelled fields of clean text."""

from collections.abc import Iterator
from dataclasses import dataclass

from grader.batch.gradebook import Entry, Gradebook
from grader.catalogue import anchor
from grader.render.clean import clean, left_out, one_line, uncolored
from grader.render.difference import compare
from grader.render.gradebook.options import Options
from grader.render.gradebook.standing import holding, number
from grader.report import Outcome, Report, Result

WIDTH = 76  # cells of a line of output: eighty with a margin, and a telephone scrolls less
PROSE = {"lines": 12, "width": 800}
LOG_LINES = 8
NOT_YOURS = "This is not your fault and costs you no points: the check could not be carried out."
# A stage that passed can still block a check, one that needed a container of its own.
HINDRANCES = {Outcome.ERROR: "could not be checked", Outcome.PASS: "did not work a second time"}


@dataclass(frozen=True, kw_only=True)
class Field:
    """One thing that is told; clean, and not escaped for any syntax yet."""

    label: str
    text: str
    code: bool = False  # a command or an output, to be set as it is; else prose, with code in backquotes
    address: str = ""  # of the page that the text names


@dataclass(frozen=True, kw_only=True)
class Line:
    """One result: what was looked at, how it ended, and all that helps."""

    result: Result
    title: str
    points: str  # "3/3", "-/3" where nobody can tell, nothing for a stage
    fields: tuple[Field, ...]

    @property
    def word(self) -> str:
        return self.result.outcome.value


def lines(entry: Entry, gradebook: Gradebook, options: Options) -> Iterator[Line]:
    """Every result of the newest report, in its order; a cause is told in full once."""
    report = entry.verdict
    if report is None:
        return
    causes: dict[str, str] = {}
    pages: set[str] = set()
    for result in report.results:
        told = [*_told(result, report, causes)]
        if result.outcome is Outcome.FAIL:
            page = _page(result, gradebook, options)
            told += [] if page.text in pages else [page]
            pages.add(page.text)
        told += [
            Field(label="corrected", text=clean(f"by hand to {number(each.points)}: {each.reason}", **PROSE))
            for each in holding(entry)
            if each.check == result.id
        ]
        yield Line(
            result=result,
            title=one_line(result.title, width=300),
            points=f"{number(entry.mark(result.id)) or '-'}/{result.max_points}" if result.max_points else "",
            fields=tuple(told),
        )


def plain(fields: tuple[Field, ...]) -> str:
    """The fields as plain text, each beside its label."""
    indent = max((len(field.label) for field in fields), default=0) + 2
    rows = []
    for field in fields:
        text = f"{field.text} ({field.address})" if field.address else field.text
        head, *rest = text.split("\n")
        rows += [f"{field.label:<{indent}}{head}", *(f"{'':<{indent}}{row}" for row in rest)]
    return "\n".join(row.rstrip() for row in rows)


def _told(result: Result, report: Report, causes: dict[str, str]) -> Iterator[Field]:
    if result.outcome is Outcome.FAIL:
        yield from _code("asked", one_line(result.asked, width=500))
        yield from _difference(result)
        yield from _reason(result, causes)
        yield from _prose("hint", result.hint)
    elif result.outcome is Outcome.ERROR:
        yield Field(label="note", text=NOT_YOURS)
        yield from _code("asked", one_line(result.asked, width=500))
        yield from _prose("because", result.got)
    elif result.outcome is Outcome.SKIP:
        cause = next((each for each in report.results if each.id == result.blocked_by), None)
        how = HINDRANCES.get(cause.outcome if cause else Outcome.FAIL, "failed")
        what = one_line(cause.title if cause else result.blocked_by, width=300)
        yield Field(label="skipped", text=f"because this {how}: {what}")


def _difference(result: Result) -> Iterator[Field]:
    """Expected against got, with a caret under the first difference and the invisible made visible."""
    if not result.expected:
        yield from _code("got", clean(result.got, lines=LOG_LINES, width=3 * WIDTH))
        return
    shown = compare(result.expected, result.got, WIDTH)
    yield Field(label="expected", text="\n".join(shown.expected), code=True)
    got = list(shown.got)
    if shown.marked is not None:
        got.insert(shown.marked + 1, f"{' ' * shown.column}^ {shown.words}")
    yield Field(label="got", text="\n".join(got), code=True)
    if shown.marked is None:
        yield from _prose("note", shown.words)


def _reason(result: Result, causes: dict[str, str]) -> Iterator[Field]:
    diagnosis = result.diagnosis
    if diagnosis and diagnosis.id in causes:
        yield from _prose("why", f"same cause as above: {causes[diagnosis.id]}")
        return
    if diagnosis:
        causes[diagnosis.id] = one_line(result.title, width=300)
        yield from _prose("why", diagnosis.cause)
        yield from _code("look", one_line(diagnosis.look, width=500))
        yield from _prose("mend", diagnosis.mend)
    rows = uncolored(result.log).rstrip().split("\n")
    if len(rows) > LOG_LINES:
        rows = [left_out(len(rows) - LOG_LINES, "line"), *rows[-LOG_LINES:]]
    yield from _code("log", clean("\n".join(rows), width=3 * WIDTH))


def _page(result: Result, gradebook: Gradebook, options: Options) -> Field:
    """Where the failure is taught: its mistake where a cause is known, else the unit."""
    if result.diagnosis:
        name = one_line(result.diagnosis.id)
        return Field(label="learn", text=f"common mistakes: {name}", address=options.page(anchor(name)))
    return Field(label="learn", text=f"unit {gradebook.unit}", address=options.page(f"{gradebook.unit}/index.html"))


def _prose(label: str, text: str) -> Iterator[Field]:
    if text:
        yield Field(label=label, text=clean(text, **PROSE))


def _code(label: str, text: str) -> Iterator[Field]:
    if text:
        yield Field(label=label, text=text, code=True)
