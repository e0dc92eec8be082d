"""Takes in what a class handed in: each hand-in is laid out, copied clean, and kept in the batch's file."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from grader.batch import parcel
from grader.batch.display import Display
from grader.batch.store import Store
from grader.errors import SubmissionError
from grader.exercise import Exercise
from grader.intake import layouts, roster
from grader.intake.handed import HandIn
from grader.intake.layout import Layout
from grader.intake.matching import match
from grader.scratch import scratch_folder
from grader.submission import take_in


def take_in_class(
    store: Store,
    exercise: Exercise,
    paths: Sequence[Path],
    *,
    layout: Layout | None,
    roll: Path | None,
    display: Display,
) -> None:
    """Take note of every hand-in below `paths`; one that is refused is noted with the reason, and the rest goes on.

    :param layout: of the platform that the files came from; by default it is recognised
    :param roll: a CSV file of the class
    :raises UsageError: `paths` or `roll` are not what they should be
    """
    students = roster.read(roll) if roll else None
    with scratch_folder() as work:
        collected = layouts.hand_ins(paths, layout, work)
        display.say(collected.words)
        for note in collected.notes:
            display.say(note)
        found = collected.hand_ins
        if students is not None:
            matched = match(students, found)
            found = matched.hand_ins
            for note in matched.notes:
                display.say(note)
            store.roll.missing(matched.missing)
        for each in found:
            _take(store, exercise, each, work, display)


def _take(store: Store, exercise: Exercise, each: HandIn, work: Path, display: Display) -> None:
    """Lay one out, take what the exercise asks for, and forget the rest."""
    place, copy = work / "laid-out", work / "taken"
    try:
        for folder in (place, copy):
            folder.mkdir()
        taken = take_in(exercise, each.lay_out(place), copy)
        store.roll.hand_in(each, parcel.pack(taken))
    except SubmissionError as error:
        display.say(f"refused: {each.student.name}: {error}")
        store.roll.hand_in(each, None, refusal=str(error))
    finally:
        for folder in (place, copy):
            shutil.rmtree(folder, ignore_errors=True)
