"""Finds the students' hand-ins in what a platform exported: which layout it is, and who handed in what."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import msgspec

from grader.errors import SubmissionError, UsageError
from grader.intake import keys
from grader.intake.claims import Claim, Handed
from grader.intake.files import named
from grader.intake.gradescope import METADATA, gradescope
from grader.intake.handed import HandIn, Student
from grader.intake.laying import entries, is_whole, lay_out
from grader.intake.layout import Layout
from grader.intake.names import shown
from grader.intake.opening import Opened, open_class
from grader.intake.platforms import canvas, classroom, moodle, plain
from grader.intake.recognition import Recognised, recognise
from grader.intake.twice import one_of

__all__ = ["Collected", "Recognised", "hand_ins", "recognise"]

LISTED = 3  # names of what is left aside, before the rest is counted
TITLES = {
    Layout.PLAIN: "a folder or an archive for each student",
    Layout.MOODLE: "Moodle",
    Layout.CANVAS: "Canvas",
    Layout.GRADESCOPE: "Gradescope",
    Layout.CLASSROOM: "GitHub Classroom",
}
READERS: Mapping[Layout, Callable[[Sequence[Path]], tuple[Claim, ...]]] = {
    Layout.PLAIN: plain,
    Layout.MOODLE: moodle,
    Layout.CANVAS: canvas,
    Layout.GRADESCOPE: gradescope,
    Layout.CLASSROOM: classroom,
}
# What a name of each looks like, for whoever forces a layout that is not there.
EXAMPLES = {
    Layout.MOODLE: "Ada Lovelace_12345_assignsubmission_file",
    Layout.CANVAS: "lovelaceada_12345_67890_app.zip",
    Layout.GRADESCOPE: "submission_12345",
    Layout.CLASSROOM: "hello-ada",
}


@dataclass(frozen=True, kw_only=True)
class Collected:
    """The hand-ins of a class, in the order of their keys, one for each student."""

    layout: Layout
    words: str  # what was recognised, and by what: one line
    hand_ins: tuple[HandIn, ...]
    notes: tuple[str, ...] = ()  # what the instructor should know: what was left aside, a line each


def hand_ins(paths: Sequence[Path], layout: Layout | None, work: Path) -> Collected:
    """Find what each student handed in; nothing of it is laid out yet.

    One path is a class: a folder, or an archive, which is unpacked below `work`. Several are a hand-in each, as a shell
    lists a folder of them, but for folders that a platform made, which are a class each.

    :raises UsageError: there is no class at these paths; says what to name
    """
    opened = _opened(paths, work)
    found = [recognise(each.found) for each in opened]
    if layout is None and len({each.layout for each in found}) > 1:
        raise UsageError(f"{' and '.join(map(str, paths))} are of different platforms: grade one after the other")
    chosen = layout or found[0].layout
    rows: dict[str, list[HandIn]] = defaultdict(list)
    notes: list[str] = []
    for each in opened:
        claims, aside = _claims(each, chosen, forced=layout is not None)
        notes += [*each.notes, *aside, *dict.fromkeys(claim.note for claim in claims if claim.note)]
        for claim, hand_in in zip(claims, _hand_ins(claims, each), strict=True):
            rows[claim.text].append(hand_in)
    result = []
    for key, same in zip(keys.unique(tuple(rows)), rows.values(), strict=True):
        hand_in, note = one_of(same, msgspec.structs.replace(same[0].student, key=key))
        result.append(hand_in)
        notes += [note] if note else []
    evidence = "as asked" if layout else found[0].evidence
    count = f"{len(result)} student{'' if len(result) == 1 else 's'}"
    return Collected(
        layout=chosen,
        words=f"{TITLES[chosen]}, {evidence}: {count}",
        hand_ins=tuple(sorted(result, key=lambda hand_in: hand_in.student.key)),
        notes=tuple(notes),
    )


def _opened(paths: Sequence[Path], work: Path) -> list[Opened]:
    if not paths:
        raise UsageError("no folder and no archive: name what holds the hand-ins of the class")
    if len(paths) == 1:
        return [open_class(paths[0], work)]
    for path in paths:
        if not path.exists():
            raise UsageError(f"no folder or archive {path}: name the folder that holds what the class handed in")
    listed = recognise(paths).layout is not Layout.PLAIN
    classes = [] if listed else [path for path in paths if path.is_dir() and _is_export(path)]
    single = tuple(path for path in paths if path not in classes)
    return [open_class(path, work) for path in classes] + ([Opened(found=single)] if single else [])


def _is_export(folder: Path) -> bool:
    try:
        return recognise(entries(folder)).layout is not Layout.PLAIN
    except OSError:  # said when it is laid out, and of that student alone
        return False


def _claims(opened: Opened, layout: Layout, *, forced: bool) -> tuple[list[Claim], list[str]]:
    """Who claims what; and a note of what is no one's."""
    claims = list(READERS[layout](opened.found)) if layout is not Layout.PLAIN else []
    if forced and layout is not Layout.PLAIN and not claims:
        where = opened.label or str(opened.found[0].parent)
        example = EXAMPLES[layout]
        raise UsageError(f"{where}: no name is {TITLES[layout]}'s, such as {example}: name another layout, or none")
    claimed = {path for claim in claims for path in (*claim.beside, *(handed.path for handed in claim.handed))}
    rest = [path for path in opened.found if path not in claimed and path.name != METADATA]
    claims += plain([path for path in rest if path in opened.refused or is_whole(path)])
    if not claims:
        where = opened.label or str(opened.found[0].parent)
        raise UsageError(f"{where} holds no folder and no archive: name the folder that holds what the class handed in")
    aside = [shown(path.name) for path in rest if not (path in opened.refused or is_whole(path))]
    more = f" and {len(aside) - LISTED} more" if len(aside) > LISTED else ""
    return claims, [f"left aside, no student's: {', '.join(aside[:LISTED])}{more}"] if aside else []


def _hand_ins(claims: Sequence[Claim], opened: Opened) -> list[HandIn]:
    owners = {handed.path: number for number, claim in enumerate(claims) for handed in claim.handed}
    reasons: dict[int, str] = {}
    for path, reason in opened.refused.items():
        owner = next((owners[each] for each in (path, *path.parents) if each in owners), None)
        if owner is not None:
            reasons.setdefault(owner, reason)
    result = []
    for number, claim in enumerate(claims):
        first, *more = (opened.source(handed.path) for handed in claim.handed)
        source = f"{first} and {len(more)} more" if more else first
        student = Student(key="", name=claim.name, email=claim.email, ids=claim.ids)
        lay = partial(_lay_out, claim.handed, source, reasons.get(number, ""))
        result.append(HandIn(student=student, source=source, late=claim.late, number=claim.number, lay_out=lay))
    return result


def _lay_out(handed: Sequence[Handed], source: str, refusal: str, into: Path) -> Path:
    if refusal:
        with named(source):
            raise SubmissionError(refusal)
    return lay_out(handed, source, into)
