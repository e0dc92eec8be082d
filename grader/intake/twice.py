"""One hand-in for each student, where several claim to be."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from grader.errors import SubmissionError
from grader.intake.handed import HandIn, Student
from grader.intake.names import SOURCE_SHOWN, shown


def one_of(hand_ins: Sequence[HandIn], student: Student) -> tuple[HandIn, str]:
    """The one that counts of a student's hand-ins, and a note where there are several.

    The newest by the platform's number counts. Where no number tells, all are refused: which of two is meant is not
    ours to guess, and a grade for the wrong one would be noticed by nobody.
    """
    if len(hand_ins) == 1:
        return replace(hand_ins[0], student=student), ""
    ordered = sorted(hand_ins, key=lambda hand_in: (hand_in.number, hand_in.source))
    *older, newest = (shown(each.source, SOURCE_SHOWN) for each in ordered)
    who = f"{shown(student.name)} has {len(ordered)} hand-ins"
    if ordered[-1].number > ordered[-2].number:
        note = f"{who}: {newest} is the newest and counts, not {' or '.join(older)}"
        return replace(ordered[-1], student=student), note
    sources = " and ".join((*older, newest))
    reason = f"{who}, {sources}: keep one"
    return replace(ordered[-1], student=student, source=sources, lay_out=partial(_refuse, reason)), reason


def _refuse(reason: str, into: Path) -> Path:
    raise SubmissionError(reason)
