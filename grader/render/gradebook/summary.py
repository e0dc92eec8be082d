"""What a class came to in numbers: how the scores lie, what was passed, what went wrong, how long it took."""

import math
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from grader.batch.gradebook import Entry, Gradebook, Question, State
from grader.render.gradebook.standing import corrected, fault, holding, number
from grader.report import Diagnosis, Outcome

BINS = 20  # at most so many columns show how the scores lie
STAGES = {"build": "build", "start": "start"}
CHECKS = "checks"


@dataclass(frozen=True, kw_only=True)
class Bin:
    """Scores from one number on, up to the next bin's."""

    label: str
    count: int


@dataclass(frozen=True, kw_only=True)
class Rate:
    """How many of those of whom it is known passed a check."""

    question: Question
    passed: int
    told: int

    @property
    def share(self) -> float:
        return self.passed / self.told if self.told else 0.0


@dataclass(frozen=True, kw_only=True)
class Cause:
    """A mistake that was diagnosed, and in whose work."""

    diagnosis: Diagnosis  # in the words that most of them got
    entries: tuple[Entry, ...]


@dataclass(frozen=True, kw_only=True)
class Stage:
    """How long one part of a grading took, in seconds, and in whose it took longest."""

    name: str
    median: float
    longest: float
    slowest: Entry


@dataclass(frozen=True, kw_only=True)
class Concern:
    """One thing for the instructor to look at."""

    entry: Entry
    what: str


def counts(gradebook: Gradebook) -> dict[State, int]:
    found = Counter(entry.state for entry in gradebook.entries)
    return {state: found[state] for state in State}


def scores(gradebook: Gradebook) -> list[float]:
    return sorted(entry.points for entry in gradebook.entries if entry.points is not None)


def quartiles(points: list[float]) -> tuple[float, float, float] | None:
    """A quarter, half and three quarters of the scores lie at or below these."""
    if len(points) < 2:
        return (points[0],) * 3 if points else None
    low, middle, high = statistics.quantiles(points, n=4, method="inclusive")
    return low, middle, high


def distribution(gradebook: Gradebook) -> tuple[Bin, ...]:
    """A bin for each point, or for some of them together; full marks have one of their own."""
    most, points = gradebook.max_points, scores(gradebook)
    width = max(math.ceil(most / BINS), 1)
    starts = [*range(0, most, width), most]
    found: Counter[int] = Counter()
    for each in points:
        # Whatever was set by hand is shown, at the end that it lies beyond.
        found[max((start for start in starts if start <= each), default=0)] += 1
    last = [*(start - 1 for start in starts[1:]), most]
    return tuple(
        Bin(label=number(start) if start == end else f"{start} to {end}", count=found[start])
        for start, end in zip(starts, last, strict=True)
    )


def rates(gradebook: Gradebook) -> tuple[Rate, ...]:
    found = []
    for question in gradebook.questions:
        marks = [mark for entry in gradebook.entries if (mark := entry.mark(question.id)) is not None]
        found.append(Rate(question=question, passed=sum(mark >= question.points for mark in marks), told=len(marks)))
    return tuple(found)


def causes(gradebook: Gradebook) -> tuple[Cause, ...]:
    """The most frequent first; a student counts once for each, however many checks it cost."""
    entries: dict[str, list[Entry]] = defaultdict(list)
    told: dict[str, list[Diagnosis]] = defaultdict(list)
    for entry in gradebook.entries:
        for name, diagnosis in _diagnoses(entry).items():
            entries[name].append(entry)
            told[name].append(diagnosis)
    found = [Cause(diagnosis=_usual(told[name]), entries=tuple(entries[name])) for name in entries]
    return tuple(sorted(found, key=lambda cause: (-len(cause.entries), cause.diagnosis.id)))


def unexplained(gradebook: Gradebook) -> tuple[Entry, ...]:
    """Who lost points to something that no known mistake explains."""
    return tuple(
        entry
        for entry in gradebook.entries
        if entry.verdict
        and any(each.outcome is Outcome.FAIL and each.diagnosis is None for each in entry.verdict.results)
    )


def stages(gradebook: Gradebook) -> tuple[Stage, ...]:
    times: dict[str, list[tuple[float, Entry]]] = {name: [] for name in (*STAGES, CHECKS, "in all")}
    for entry in gradebook.entries:
        if entry.verdict is None:
            continue
        spent: dict[str, float] = defaultdict(float)
        for result in entry.verdict.results:
            spent[STAGES.get(result.id, CHECKS)] += result.seconds
        spent["in all"] = entry.verdict.seconds
        for name, seconds in spent.items():
            times[name].append((seconds, entry))
    return tuple(_stage(name, each) for name, each in times.items() if any(seconds for seconds, _ in each))


def concerns(gradebook: Gradebook) -> Iterator[tuple[str, tuple[Concern, ...]]]:
    """What needs the instructor, under its heading, the most urgent first; headings of nothing are left out."""
    in_state: dict[State, list[Entry]] = defaultdict(list)
    for entry in gradebook.entries:
        in_state[entry.state].append(entry)
    by_hand = ((entry, corrected(each, gradebook)) for entry in gradebook.entries for each in holding(entry))
    yield from _group("Could not be graded", ((entry, fault(entry)) for entry in in_state[State.UNGRADED]))
    yield from _group("Refused", ((entry, entry.refusal) for entry in in_state[State.REFUSED]))
    yield from _group("Not graded yet", ((entry, "") for entry in in_state[State.WAITING]))
    yield from _group("Nothing handed in", ((entry, "") for entry in in_state[State.MISSING]))
    yield from _group("Corrected by hand", by_hand)


def _group(heading: str, found: Iterable[tuple[Entry, str]]) -> Iterator[tuple[str, tuple[Concern, ...]]]:
    if group := tuple(Concern(entry=entry, what=what) for entry, what in found):
        yield heading, group


def _diagnoses(entry: Entry) -> dict[str, Diagnosis]:
    results = entry.verdict.results if entry.verdict else ()
    return {each.diagnosis.id: each.diagnosis for each in reversed(results) if each.diagnosis}


def _usual(told: list[Diagnosis]) -> Diagnosis:
    counted = Counter(diagnosis.cause for diagnosis in told)
    cause = min(counted, key=lambda cause: (-counted[cause], cause))
    return next(diagnosis for diagnosis in told if diagnosis.cause == cause)


def _stage(name: str, times: list[tuple[float, Entry]]) -> Stage:
    longest, slowest = max(times, key=lambda time: (time[0], time[1].student.key))
    return Stage(name=name, median=statistics.median(each for each, _ in times), longest=longest, slowest=slowest)
