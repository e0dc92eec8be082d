"""The command line: each command parses, calls one function, renders, and exits."""

import contextlib
import sys
from pathlib import Path
from typing import Any

import click

from grader import __version__
from grader.errors import GraderError
from grader.render import FORMATS

ROOT = Path(__file__).resolve().parent.parent
BOOK = ROOT / "_build" / "html"
INTERRUPTED = 130  # what a shell says of a command that Ctrl-C ended


class Grader(click.Group):
    """Ends expected errors in one line, with the exit code that belongs to them."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 -- as click declares it
        try:
            return super().invoke(ctx)
        except GraderError as error:
            click.echo(f"Error: {error}", err=True)
            ctx.exit(error.exit_code)
        except KeyboardInterrupt:
            click.echo("Stopped. Nothing was left on the engine, and nothing was recorded.", err=True)
            ctx.exit(INTERRUPTED)


@click.group(cls=Grader, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="%(version)s")
def main() -> None:
    """Build, run and score what was containerized.

    \b
    Exit codes: 0 full marks, 1 points lost, 2 wrong usage,
    3 an exercise file is wrong, 4 could not grade.
    """


@main.command()
@click.argument("exercise", required=False)
@click.argument("submission", required=False, type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="text", show_default=True)
@click.option("--seed", type=click.IntRange(min=0), help="Repeat the random words of an earlier run.")
@click.option(
    "--exercises",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=ROOT / "exercises",
    help="The folder of the exercises.",
)
def grade(exercise: str | None, submission: Path | None, form: str, seed: int | None, exercises: Path) -> None:
    """Grade SUBMISSION, a folder, for EXERCISE.

    Without EXERCISE it is the first that has not full marks yet; without SUBMISSION it is your own folder
    under exercises/, and the best result is remembered.
    """
    from grader import desk
    from grader.engine import connect

    chosen = desk.choose(exercise, exercises)
    if chosen is None:
        click.echo("Every exercise has full marks. To grade one again, name it: make grade EX=01-hello")
        return
    # What the run made is removed while its report is written; hanging up waits for both.
    with contextlib.closing(connect()) as engine:
        with desk.progress_line(sys.stderr) as progress:
            graded = desk.grade(chosen, submission, engine, seed=seed, progress=progress)
        FORMATS[form](graded.report, graded.board, sys.stdout, book=_book())
        sys.stdout.flush()
    for note in graded.notes:
        click.echo(note, err=True)
    sys.exit(graded.report.exit_code)


def _book() -> Path | None:
    """The built course, named as shortly as it can be from here."""
    if not BOOK.is_dir():
        return None
    here = Path.cwd()
    return BOOK.relative_to(here) if BOOK.is_relative_to(here) else BOOK


@main.command()
@click.option("--fix", is_flag=True, help="Mend what is missing, where that can be done.")
@click.option("--quiet", is_flag=True, help="Look quickly, and print only what is missing.")
def doctor(fix: bool, quiet: bool) -> None:
    """Say whether this machine can grade, and what mends it."""
    from grader import desk, doctor

    rows = doctor.examine(quick=quiet)
    if fix and not doctor.ready(rows):
        with desk.progress_line(sys.stderr) as progress:
            rows = doctor.fix(progress)
    if not (quiet and doctor.ready(rows)):
        from rich.console import Console

        doctor.render(rows, Console(highlight=False))
    sys.exit(0 if doctor.ready(rows) else 4)


@main.command()
@click.argument("references", nargs=-1)
def images(references: tuple[str, ...]) -> None:
    """Make sure that the base images are there: pulled, or built from Debian's packages."""
    from grader import desk, images
    from grader.engine import connect

    with contextlib.closing(connect()) as engine, desk.progress_line(sys.stderr) as progress:
        provided = images.ensure(references or tuple(images.catalogue()), engine, progress)
    for each in provided:
        click.echo(f"{each.reference}: {each.way}" + (f" ({each.reason})" if each.reason else ""))
