"""The report as a student reads it on a terminal: what failed, why, and the one next step."""

import re
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.text import Text

from grader.render.board import Board
from grader.render.clean import one_line
from grader.render.diagnoses import page
from grader.render.failure import error, failure
from grader.render.lines import INDENT, hanging, measure
from grader.report import Outcome, Report, Result

# Told apart by sign, word and color, so that any two of them may be missing.
MARKS = {
    Outcome.PASS: ("✔ pass ", "green"),
    Outcome.FAIL: ("✘ fail ", "bold red"),
    Outcome.SKIP: ("\N{EN DASH} skip ", "dim"),
    Outcome.ERROR: ("! error", "bold magenta"),
}
TITLES = {Outcome.PASS: "", Outcome.FAIL: "bold", Outcome.SKIP: "dim", Outcome.ERROR: "bold"}
# A stage that passed can still block a check, one that needed a container of its own.
HINDRANCES = {Outcome.ERROR: "could not be checked", Outcome.PASS: "did not work a second time"}
STAGES = ("build", "start")
NAMED = re.compile(r"--name ([\w.-]+)")
EXITS = {1: "points were lost", 4: "could not grade"}


def render(report: Report, board: Board, console: Console, *, book: Path | None = None) -> None:
    """Print the whole report; `book` is the folder of the built course, where there is one."""
    for line in _lines(report, board, console, book):
        line.rstrip()
        # Prose is wrapped by now. What is left long is a command, and a line break would spoil the copy.
        console.print(line, soft_wrap=True)
    if board.rows:
        console.print()
        console.print(board, width=measure(console))
    elif board.note:
        console.print(Text(one_line(board.note)), soft_wrap=True)


def _lines(report: Report, board: Board, console: Console, book: Path | None) -> Iterator[Text]:
    yield from hanging(Text(f"{one_line(report.exercise)}  ", "bold"), one_line(report.title), console)
    yield Text()
    named: set[str] = set()
    causes: dict[str, str] = {}  # the id of each diagnosis so far, and the title of its first result
    last_skips = {result.blocked_by: result.id for result in report.results if result.blocked_by}
    for result in report.results:
        yield from _headline(result, report, console)
        if result.outcome is Outcome.FAIL:
            learn = _page(result, report, book)
            cause = result.diagnosis.id if result.diagnosis else ""
            yield from failure(result, console, page="" if learn in named else learn, above=causes.get(cause, ""))
            named.add(learn)
            if cause:
                causes.setdefault(cause, result.title)
        elif result.outcome is Outcome.ERROR:
            yield from error(result, console)
        elif last_skips.get(result.blocked_by) == result.id:
            yield from _cause(result.blocked_by, report, console)
    if report.results[-1:] and report.results[-1].outcome is Outcome.PASS:
        yield Text()
    yield from _by_hand(report)
    yield from _score(report, console)
    yield from _next(report, board, console, book)
    yield from _small_print(report, console)


def _headline(result: Result, report: Report, console: Console) -> Iterator[Text]:
    """The mark, the points and the title; a stage has no points."""
    mark, style = MARKS[result.outcome]
    width = max(len(f"{each.max_points}/{each.max_points}") for each in report.results)
    unknown = result.outcome is Outcome.ERROR or (result.outcome is Outcome.SKIP and report.points is None)
    points = f"{'-' if unknown else result.points}/{result.max_points}" if result.max_points else ""
    lead = Text.assemble((mark, style), "  ", points.rjust(width), "  ")
    yield from hanging(lead, one_line(result.title), console, TITLES[result.outcome])


def _cause(blocker: str, report: Report, console: Console) -> Iterator[Text]:
    """Below the last of the checks that one result blocked: which it was, said once for all of them."""
    cause = next((result for result in report.results if result.id == blocker), None)
    how = HINDRANCES.get(cause.outcome if cause else Outcome.FAIL, "failed")
    count = sum(result.blocked_by == blocker and result.kind not in STAGES for result in report.results)
    skipped = "1 check was skipped" if count == 1 else f"{count} checks were skipped"
    words = f"{skipped} because this {how}: {one_line(cause.title if cause else blocker)}"
    yield from hanging(Text(" " * INDENT), words, console, "dim")
    yield Text()


def _by_hand(report: Report) -> Iterator[Text]:
    """The commands that bring the student's own container up: what a report asks and looks at needs one."""
    failed = [result for result in report.results if result.outcome is Outcome.FAIL]
    # What was not handed in whole was never built.
    if not failed or any(result.evidence.get("kind") == "intake" for result in failed):
        return
    asked = [result.asked for result in report.results if result.id in STAGES and result.asked]
    if not asked:
        return
    yield Text("To look for yourself:")
    for command in (f"cd {shlex.quote(report.submission)}", *asked):
        yield Text.assemble(" " * INDENT, (one_line(command), "cyan"))
    if container := NAMED.search(asked[-1]):
        yield Text.assemble("and afterwards: ", (f"docker rm -f {container[1]}", "cyan"))
    yield Text()


def _score(report: Report, console: Console) -> Iterator[Text]:
    if report.points is None:
        words = "No score: part of it could not be checked, and that is not held against you."
        yield from hanging(Text(), words, console, "bold")
    else:
        style = "bold green" if report.outcome is Outcome.PASS else "bold"
        yield Text(f"{report.points} of {report.max_points} points", style)


def _next(report: Report, board: Board, console: Console, book: Path | None) -> Iterator[Text]:
    """The next step, in one sentence that ends in the command to type."""
    command, following = _grade(report.exercise, report.submission), board.following
    if report.outcome is Outcome.ERROR:
        words = f"Next: run {_make('doctor')}, do what it says, and grade again:"
    elif report.outcome is Outcome.FAIL:
        first = next(result for result in report.results if result.outcome is not Outcome.PASS)
        words = f"Next: mend the first failure ({one_line(first.title)}) and grade again:"
    elif following:
        command = _grade(following.slug, "")
        unit = _unit(following.slug, book)
        words = f"Full marks! Next: {following.slug}, {one_line(following.title)}; read {unit}, then:"
    else:
        command = ""
        words = "Full marks, and every exercise is done: well sailed!" if board.done else "Full marks!"
    yield from hanging(Text(), words, console)
    if command:
        yield Text.assemble(" " * INDENT, (one_line(command), "cyan"))


def _small_print(report: Report, console: Console) -> Iterator[Text]:
    for note in report.notes:
        yield from hanging(Text("note: "), one_line(note), console)
    if report.attempts:
        first = one_line("; ".join(report.attempts[0].faults[:1]))
        yield from hanging(Text("note: "), f"tried {len(report.attempts)} times, since at first: {first}", console)
    if report.exit_code:
        yield Text(f"the grader's exit code is {report.exit_code}: {EXITS[report.exit_code]}", "dim")
    facts = [f"repeat this run: --seed {report.seed}", f"{report.seconds:.1f} s"]
    facts += [report.engine] if report.engine else []
    yield from hanging(Text(), one_line("; ".join(facts)), console, "dim")
    if report.stand_ins:
        official = "the official image" if len(report.stand_ins) == 1 else "the official images"
        words = f"built here from Debian's packages in place of {official}: {', '.join(report.stand_ins)}"
        yield from hanging(Text(), one_line(words), console, "dim")


def _page(result: Result, report: Report, book: Path | None) -> str:
    """Where the failure is taught: its mistake where a cause is known, else the unit."""
    return page(result.diagnosis.id, book) if result.diagnosis else _unit(report.exercise, book)


def _unit(slug: str, book: Path | None) -> str:
    built = book / slug / "index.html" if book else None
    return built.as_posix() if built and built.is_file() else f"docs/{slug}"


def _make(target: str) -> str:
    return f"python -m grader {target}" if sys.platform == "win32" else f"make {target}"


def _grade(slug: str, submission: str) -> str:
    """The command that grades again what was graded now."""
    elsewhere = submission and not Path(submission).as_posix().endswith(f"exercises/{slug}")
    folder = shlex.quote(submission) if elsewhere else ""
    if sys.platform == "win32":
        return f"python -m grader grade {slug} {folder}".rstrip()
    return f"make grade EX={slug}" + (f" SUBMISSION={folder}" if folder else "")
