"""The rules that a unit page must keep, as a function of what the pages hold."""

import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

UNIT_PAGE = re.compile(r"(?P<slug>\d\d-[a-z0-9-]+)/index")
ORDER = (
    "unit",
    "objectives",
    "warm-up",
    "predict",
    "run",
    "investigate",
    "modify",
    "make",
    "mistakes",
    "key-points",
    "reading",
    "instructor",
)
CHECKPOINTS = ("quiz", "fill-in")


@dataclass(frozen=True, kw_only=True)
class Place:
    """Something named, and the line it stands at."""

    name: str
    line: int


@dataclass(frozen=True, kw_only=True)
class Citation:
    """A question or a check, and the objective that it says it is about."""

    by: str
    kind: str
    objective: str
    part: str
    line: int


@dataclass(frozen=True, kw_only=True)
class Page:
    """What one page holds, each in the order of the page."""

    parts: tuple[Place, ...] = ()
    objectives: tuple[Place, ...] = ()
    questions: tuple[Place, ...] = ()
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Fault:
    """A rule that a page breaks, and where."""

    docname: str
    line: int
    message: str


def faults(pages: Mapping[str, Page]) -> Iterator[Fault]:
    """Every fault of every page, in the order of the pages."""
    seen: dict[str, str] = {}
    for docname, page in sorted(pages.items()):
        for question in page.questions:
            if question.name in seen:
                message = f"the question id {question.name!r} is used before, in {seen[question.name]}"
                yield Fault(docname=docname, line=question.line, message=message)
            seen.setdefault(question.name, f"{docname}:{question.line}")
        if UNIT_PAGE.fullmatch(docname):
            for line, message in (*part_faults(page), *objective_faults(docname, page, pages)):
                yield Fault(docname=docname, line=line, message=message)


def part_faults(page: Page) -> Iterator[tuple[int, str]]:
    """Parts that are missing or out of order, and too few checkpoints."""
    first: dict[str, int] = {}
    for part in page.parts:
        first.setdefault(part.name, part.line)
    for name in ORDER:
        if name not in first:
            yield 1, f"the part {name!r} is missing: a unit has {', '.join(ORDER)}"
    for once in ("unit", "objectives"):
        for part in [part for part in page.parts if part.name == once][1:]:
            yield part.line, f"the part {once!r} stands here a second time"
    there = [name for name in first if name in ORDER]
    for before, name in itertools.pairwise(there):
        if ORDER.index(name) < ORDER.index(before):
            yield first[name], f"the part {name!r} must come before {before!r}"
    if "investigate" in first:
        asked = sum(cited.part == "investigate" and cited.kind in CHECKPOINTS for cited in page.citations)
        if asked < 2:
            yield (
                first["investigate"],
                f"the part 'investigate' has {asked} quizzes and fill-ins: two at least",
            )


def objective_faults(docname: str, page: Page, pages: Mapping[str, Page]) -> Iterator[tuple[int, str]]:
    """Too few or too many objectives, those nobody asks about, and citations of what is not there."""
    known = [objective.name for objective in page.objectives]
    start = next((part.line for part in page.parts if part.name == "objectives"), 1)
    if not 3 <= len(known) <= 5:
        yield start, f"{len(known)} objectives: a unit has three to five"
    for number, objective in enumerate(page.objectives):
        if objective.name in known[:number]:
            yield objective.line, f"the objective {objective.name!r} is there twice"
        elif all(cited.objective != objective.name for cited in page.citations):
            yield objective.line, f"no question and no check is about the objective {objective.name!r}"
    for cited in page.citations:
        if message := citation_fault(docname, cited, known, pages):
            yield cited.line, message


def citation_fault(docname: str, cited: Citation, known: list[str], pages: Mapping[str, Page]) -> str:
    """What is wrong with the objective that a question or a check names; empty where nothing is."""
    name, kind = cited.objective, f"{cited.kind} {cited.by!r}"
    if name in known:
        return ""
    if not name:
        return "" if cited.part == "warm-up" else f"the {kind} names no objective: give :objective:"
    slug, _, target = name.partition("/")
    if not target:
        return f"the {kind} names the objective {name!r}, and this unit has {', '.join(known) or 'none'}"
    if cited.part != "warm-up":
        return f"the {kind} names {name!r}: only a warm-up may ask about another unit"
    earlier = pages.get(f"{slug}/index")
    if earlier is None or f"{slug}/index" >= docname:
        return f"the {kind} names {name!r}, and there is no earlier unit {slug!r}"
    if all(objective.name != target for objective in earlier.objectives):
        return f"the {kind} names {name!r}, and the unit {slug!r} has no objective {target!r}"
    return ""
