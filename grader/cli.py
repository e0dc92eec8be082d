"""The command line: each command parses, calls one function, renders, and exits."""

import contextlib
import sys
import traceback
from pathlib import Path
from typing import Any

import click

from grader import __version__, class_cli
from grader.errors import GraderError
from grader.paths import BOOK, from_here
from grader.render import FORMATS
from grader.render.clean import clean, one_line
from grader.render.stream import speak_utf8, tell, written_to

UNRECORDED = "grader.unrecorded"  # in a context's meta: a grading is under way, and not yet in the progress file


class Grader(click.Group):
    """Ends every error in one line, with the exit code that belongs to it."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 -- as click declares it
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.Abort, click.exceptions.Exit):
            raise
        except GraderError as error:
            _end(ctx, f"Error: {error}", error.exit_code, error)
        except KeyboardInterrupt as stop:
            _end(
                ctx,
                "Stopped; nothing was recorded." if ctx.meta.get(UNRECORDED) else "Stopped.",
                class_cli.INTERRUPTED,
                stop,
            )
        except Exception as error:  # the last boundary: a bug of ours must not look like points lost
            from grader.render.unexpected import describe

            again = f"{ctx.command_path} --debug {ctx.invoked_subcommand}"
            _end(ctx, f"Error: {describe(error, again=again)}", GraderError.exit_code, error)


def _end(ctx: click.Context, words: str, code: int, error: BaseException) -> None:
    if ctx.params["debug"]:
        tell(clean("".join(traceback.format_exception(error)), lines=1_000).rstrip())
    tell(one_line(words))
    ctx.exit(code)


@click.group(cls=Grader, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="%(version)s")
@click.option("--debug", is_flag=True, help="Show where an error came from.")
def main(debug: bool) -> None:
    """Build, run and score what was containerized.

    \b
    Exit codes: 0 full marks, 1 points lost, 2 wrong usage,
    3 an exercise file is wrong, 4 could not grade.
    """
    if sys.stdout is None:
        raise GraderError("standard output is closed: there is nothing to write a report to")


@main.command()
@click.argument("exercise", required=False)
@click.argument("submission", required=False, type=click.Path(path_type=Path))
@click.option(
    "--format", "form", type=click.Choice(list(FORMATS)), default="text", show_default=True, help="What is written."
)
@click.option("--seed", type=click.IntRange(min=0), help="Repeat the random words of an earlier run.")
@click.option("--runtime", default="", help="Run containers under this runtime of the engine's, such as runsc.")
@class_cli.exercises_option
@click.pass_context
def grade(
    ctx: click.Context,
    exercise: str | None,
    submission: Path | None,
    form: str,
    seed: int | None,
    runtime: str,
    exercises: Path,
) -> None:
    """Grade SUBMISSION, a folder, for EXERCISE.

    Without EXERCISE it is the first that has not full marks yet; without SUBMISSION it is your own folder
    under exercises/, and the best result is remembered.
    """
    from grader import desk
    from grader.engine import connect

    chosen = desk.choose(exercise, from_here(exercises))
    if chosen is None:
        with written_to(sys.stdout):
            click.echo("Every exercise has full marks. To grade one again, name it: make grade EX=01-hello")
        return
    ctx.meta[UNRECORDED] = True
    # What the run made is removed while its report is written; hanging up waits for both.
    with contextlib.closing(connect(runtime)) as engine:
        with desk.progress_line(sys.stderr) as progress:
            graded = desk.grade(chosen, submission, engine, seed=seed, progress=progress)
        ctx.meta[UNRECORDED] = False
        with written_to(sys.stdout):
            FORMATS[form](graded.report, graded.board, sys.stdout, book=from_here(BOOK) if BOOK.is_dir() else None)
    for note in graded.notes:
        tell(one_line(note))
    sys.exit(graded.report.exit_code)


@main.command()
@click.option("--fix", is_flag=True, help="Mend what is missing, where that can be done.")
@click.option("--quiet", is_flag=True, help="Look quickly, and print only what is missing.")
def doctor(fix: bool, quiet: bool) -> None:
    """Say whether this machine can grade, and what mends it."""
    from grader import doctor

    rows = doctor.examine(quick=quiet)
    if fix and doctor.mendable(rows):
        from grader import desk

        with desk.progress_line(sys.stderr) as progress:
            rows = doctor.fix(progress, quick=quiet)
    if not (quiet and doctor.ready(rows)):
        from grader.render.console import console

        with written_to(sys.stdout):
            doctor.render(rows, console(sys.stdout))
    sys.exit(0 if doctor.ready(rows) else 4)


@main.command()
@click.argument("name", metavar="[ID]", required=False)
@click.option("--list", "listed", is_flag=True, help="Name all of them.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="What is written."
)
def diagnose(name: str | None, listed: bool, form: str) -> None:
    """Explain a mistake that the grader knows by name, or list them all.

    ID is what a report in JSON names under "diagnosis"; the course has the same under Common mistakes.
    """
    if bool(name) == listed:
        raise click.UsageError("name one diagnosis, or ask for all of them with --list")
    from grader import catalogue
    from grader.render import diagnoses
    from grader.render.console import console

    group, entry = catalogue.find(name) if name else ("", None)
    with written_to(sys.stdout):
        if form == "json":
            speak_utf8(sys.stdout)
            click.echo(diagnoses.as_json({group: (entry,)} if entry else catalogue.groups()))
        elif entry:
            diagnoses.render_entry(group, entry, console(sys.stdout), book=from_here(BOOK))
        else:
            diagnoses.render_list(catalogue.groups(), console(sys.stdout))


@main.command()
@click.argument("references", nargs=-1)
def images(references: tuple[str, ...]) -> None:
    """Make sure that the base images are there: pulled, or built from Debian's packages."""
    from grader import desk, images
    from grader.engine import connect

    with contextlib.closing(connect()) as engine, desk.progress_line(sys.stderr) as progress:
        provided = images.ensure(references or tuple(images.catalogue()), engine, progress)
    with written_to(sys.stdout):
        for each in provided:
            click.echo(one_line(f"{each.reference}: {each.way}" + (f" ({each.reason})" if each.reason else "")))


for command in class_cli.COMMANDS:
    main.add_command(command)
