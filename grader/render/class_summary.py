"""What a batch came to, in a few lines for the terminal; the rest is in the files that it wrote."""

import os
import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.console import Group
from rich.text import Text

from grader.batch.gradebook import Gradebook, State
from grader.render.clean import one_line
from grader.report import Outcome

WORDS = {
    State.GRADED: "graded",
    State.WAITING: "waiting to be graded",
    State.UNGRADED: "could not be graded, and have no score",
    State.REFUSED: "refused, and have no score",
    State.MISSING: "handed nothing in",
}
CAUSES = 5  # of the most frequent ones
NAMED = 10  # of those that need a look


def summary(gradebook: Gradebook, folder: Path, written: Iterable[Sequence[Path]]) -> Group:
    """The counts, the middle of the scores, the most frequent causes, who needs a look, and which files were written.

    :param folder: that they lie in
    """
    return Group(
        Text(f"{gradebook.exercise}: {gradebook.title}", style="bold"),
        *_counts(gradebook),
        *_causes(gradebook),
        *_to_look_at(gradebook),
        *(Text(f"written: {_place(files, folder)}") for files in written if files),
    )


def _place(files: Sequence[Path], folder: Path) -> str:
    """One file by its name, several by the folder that they lie in."""
    if len(files) == 1:
        return one_line(str(files[0]))
    return one_line(f"{folder / files[0].relative_to(folder).parts[0]}{os.sep} ({len(files)} files)")


def _counts(gradebook: Gradebook) -> list[Text]:
    counted = Counter(entry.state for entry in gradebook.entries)
    rows = [(str(counted[state]), words) for state, words in WORDS.items() if counted[state]]
    points = [entry.points for entry in gradebook.entries if entry.points is not None]
    if points:
        rows.append((f"{statistics.median(points):g}", f"points of {gradebook.max_points}, the median"))
        rows.append((str(sum(each >= gradebook.max_points for each in points)), "with full marks"))
    width = max((len(number) for number, _ in rows), default=0)
    return [Text(f"{number:>{width}} {words}") for number, words in rows]


def _causes(gradebook: Gradebook) -> list[Text]:
    causes: Counter[str] = Counter()
    words = {}
    for entry in gradebook.entries:
        results = entry.report.results if entry.report and entry.state is State.GRADED else ()
        found = {each.diagnosis.id: each.diagnosis for each in results if each.diagnosis}
        causes.update(found.keys())
        words.update(found)
    most = causes.most_common(CAUSES)
    return [Text("most frequent causes:")] * bool(most) + [
        Text(f"  {count:>3}  {name}: see unit {words[name].unit}") for name, count in most
    ]


def _to_look_at(gradebook: Gradebook) -> list[Text]:
    """Those without a score who handed something in, each with the reason."""
    found = []
    for entry in gradebook.entries:
        if entry.state is State.REFUSED:
            found.append((entry.student.name, entry.refusal))
        elif entry.state is State.UNGRADED and entry.report:
            faults = (each.got for each in entry.report.results if each.outcome is Outcome.ERROR)
            found.append((entry.student.name, next(faults, "")))
    lines = [Text(f"  {one_line(name)}: {one_line(why)}") for name, why in found[:NAMED]]
    more = len(found) - NAMED
    return [Text("to look at:")] * bool(found) + lines + ([Text(f"  and {more} more")] if more > 0 else [])
