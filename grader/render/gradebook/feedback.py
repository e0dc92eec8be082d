"""feedback/KEY.html and feedback/KEY.md: what one student gets back."""

from collections.abc import Iterator
from dataclasses import dataclass

from grader.batch.gradebook import Correction, Entry, Gradebook, State
from grader.render.clean import clean, one_line
from grader.render.gradebook.details import Line, lines
from grader.render.gradebook.html import page
from grader.render.gradebook.markdown import markdown
from grader.render.gradebook.options import Options
from grader.render.gradebook.standing import holding, name, score
from grader.render.gradebook.writing import Drawing
from grader.report import Outcome

FOLDER = "feedback"
STAGES = ("build", "start")


@dataclass(frozen=True, kw_only=True)
class Feedback:
    """One student's page, before it is written in HTML or in Markdown; its text is clean."""

    entry: Entry
    gradebook: Gradebook
    name: str
    score: str
    said: str  # the first sentence, which says how to take it
    corrections: tuple[Correction, ...]  # of the whole score; those of a check stand with it
    lines: tuple[Line, ...]
    commands: tuple[str, ...]  # by which the student looks alone
    notes: tuple[str, ...]


def draw(gradebook: Gradebook, options: Options) -> Drawing:
    """Two files for every student, those without a score too: they are told why."""
    return Drawing(files=_files(gradebook, options))


def feedback(entry: Entry, gradebook: Gradebook, options: Options) -> Feedback:
    report = entry.verdict
    notes = [clean(note, lines=4, width=600) for note in report.notes] if report else []
    if report and report.stand_ins:
        images = ", ".join(map(one_line, report.stand_ins))
        notes.append(f"built from Debian's packages in place of the official images: {images}")
    return Feedback(
        entry=entry,
        gradebook=gradebook,
        name=name(entry),
        score=score(entry, gradebook),
        said=_said(entry, gradebook),
        corrections=tuple(each for each in holding(entry) if not each.check),
        lines=tuple(lines(entry, gradebook, options)) if report else (),
        commands=tuple(_commands(entry)) if report else (),
        notes=tuple(notes),
    )


def _files(gradebook: Gradebook, options: Options) -> Iterator[tuple[str, str]]:
    for entry in gradebook.entries:
        told = feedback(entry, gradebook, options)
        yield f"{FOLDER}/{entry.student.key}.html", page("feedback.html.jinja", told=told)
        yield f"{FOLDER}/{entry.student.key}.md", markdown(told)


def _said(entry: Entry, gradebook: Gradebook) -> str:
    if entry.points is not None:
        if entry.points >= gradebook.max_points:
            return "Full marks. Well sailed!"
        return "For each lost point you find below what was asked, what came, and how to mend it. One thing at a time."
    if entry.state is State.REFUSED:
        return f"What you handed in could not be taken in: {clean(entry.refusal, lines=4, width=600)}"
    if entry.state is State.UNGRADED:
        return "Part of it could not be checked. That is not your fault, and it is not held against you."
    return "Nothing was handed in." if entry.state is State.MISSING else "What you handed in is not graded yet."


def _commands(entry: Entry) -> Iterator[str]:
    """What brings the student's own container up: what is asked and looked at above needs one."""
    results = entry.verdict.results if entry.verdict else ()
    failed = any(result.outcome is Outcome.FAIL for result in results)
    # What was not handed in whole was never built.
    if failed and not any(result.evidence.get("kind") == "intake" for result in results):
        yield from (one_line(each.asked) for each in results if each.id in STAGES and each.asked)
