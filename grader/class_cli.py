"""The commands for a whole class: each parses, calls one function, renders, and exits."""

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import click

from grader.intake.layout import Layout
from grader.paths import EXERCISES, from_here
from grader.render.clean import one_line
from grader.render.gradebook import FORMATS
from grader.render.stream import tell, written_to

INTERRUPTED = 130  # what a shell says of a command that Ctrl-C ended
WRITTEN = ("html", "csv", "feedback")  # what a batch writes unasked

# Of every command that takes an exercise.
exercises_option = click.option(
    "--exercises",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=EXERCISES,
    help="The folder of the exercises.",
)
File = click.Path(path_type=Path, dir_okay=False)


def _with_outputs(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say which files are written, and how."""
    options = (
        click.option(
            "--format",
            "forms",
            type=click.Choice(list(FORMATS)),
            multiple=True,
            help=f"What is written; may be given again. By default {', '.join(WRITTEN)}.",
        ),
        click.option("--canvas", type=File, help="The gradebook exported from Canvas, to be filled in."),
        click.option("--moodle", type=File, help="The grading worksheet downloaded from Moodle, to be filled in."),
        click.option("--assignment", default="", help="The column in Canvas, where its title is another: title or id."),
        click.option("--classroom", default="", help="The short name of the classroom in Classroom 50."),
        click.option("--book", default="", help="The address of the course, for links in what students read."),
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.command()
@click.argument("exercise")
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="The batch's own folder.")
@click.option("--roster", type=File, help="A CSV file of the class: id, name, email.")
@click.option(
    "--layout",
    type=click.Choice([each.value for each in Layout]),
    help="Whose names the files have; else it is recognised.",
)
@click.option("--jobs", type=click.IntRange(min=1), help="Gradings at a time; by default what fits this machine.")
@click.option("--cluster", metavar="ADDRESS", default="", help="Hand them to a Dask scheduler, such as tcp://lab:8786.")
@click.option("--regrade", metavar="WHAT", default="", help="Grade again: all, a check's id, or a student's key.")
@click.option("--seed", type=click.IntRange(0, (1 << 32) - 1), help="Repeat the random words of another batch.")
@click.option("--runtime", default="", help="Run containers under this runtime of the engine's, such as runsc.")
@exercises_option
@_with_outputs
def batch(
    exercise: str,
    paths: tuple[Path, ...],
    out: Path,
    roster: Path | None,
    layout: str | None,
    jobs: int | None,
    cluster: str,
    regrade: str,
    seed: int | None,
    runtime: str,
    exercises: Path,
    forms: tuple[str, ...],
    **outputs: Any,  # noqa: ANN401 -- as click hands them over
) -> None:
    """Grade what a class handed in for EXERCISE.

    PATH is a folder of folders, of archives or of clones, or one archive of them all. Every result is in the
    folder of --out before the next grading begins: stopped at any moment, the same command goes on where it was.
    """
    from grader.batch import crew, whole
    from grader.exercise import find
    from grader.render.class_steps import class_steps
    from grader.render.gradebook import Options

    options = Options(**outputs)
    wishes = whole.Wishes(
        layout=Layout(layout) if layout else None, roster=roster, regrade=regrade, seed=seed, runtime=runtime
    )
    folder = find(from_here(exercises), exercise)
    with class_steps(sys.stderr) as display:
        hire = partial(crew.hire, cluster=cluster, jobs=jobs, runtime=runtime, display=display)
        graded = whole.grade_class(folder, paths, out, wishes=wishes, hire=hire, display=display)
    _write(graded.gradebook, out, forms, options)
    if graded.stopped:
        tell("Stopped: run the same command to go on.")
    sys.exit(INTERRUPTED if graded.stopped else graded.gradebook.exit_code)


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@_with_outputs
def report(folder: Path, forms: tuple[str, ...], **outputs: Any) -> None:  # noqa: ANN401 -- as click hands them over
    """Write the gradebooks of the batch in DIR again, as it is now; no engine is needed."""
    from grader.batch.book import gradebook
    from grader.batch.store import Store
    from grader.render.gradebook import Options

    options = Options(**outputs)
    with Store(folder) as store:
        found = gradebook(store, compare=True)
    _write(found, folder, forms, options)
    sys.exit(found.exit_code)


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.argument("student")
@click.argument("points", type=click.FloatRange(min=0))
@click.option("--check", default="", help="The id of the check; without it these are the points in all.")
@click.option("--reason", required=True, help="Why: the student reads it.")
def correct(folder: Path, student: str, points: float, check: str, reason: str) -> None:
    """Set the POINTS of STUDENT in the batch in DIR by hand; they outlive every new grading.

    Of two corrections of the same the later holds. Write the gradebooks again with `report` afterwards.
    """
    from grader.batch.correcting import correct as decide
    from grader.batch.store import Store

    with Store(folder) as store:
        said = decide(store, student, points, check=check, reason=reason)
    with written_to(sys.stdout):
        click.echo(said)


def _write(gradebook: Any, out: Path, forms: tuple[str, ...], options: Any) -> None:  # noqa: ANN401
    """Write the files that were asked for, and say on the terminal what the class came to and where they are."""
    from grader.render.class_summary import summary
    from grader.render.console import console

    written = [FORMATS[form](gradebook, out, options) for form in forms or WRITTEN]
    with written_to(sys.stdout):
        # A path that was wrapped could not be copied.
        console(sys.stdout).print(summary(gradebook, out, [each.files for each in written]), soft_wrap=True)
    for note in (note for each in written for note in each.notes):
        tell(one_line(note))


COMMANDS = (batch, report, correct)
