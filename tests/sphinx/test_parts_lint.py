"""The rules of a unit page, each broken in a page that keeps all the others."""

import itertools
from dataclasses import replace

import pytest

from grader.sphinx.lint import ORDER, Citation, Page, Place, faults

EARLIER = "00-start/index"
UNIT = "01-demo/index"


def cited(by: str, objective: str, *, kind: str = "quiz", part: str = "investigate", line: int = 50) -> Citation:
    return Citation(by=by, kind=kind, objective=objective, part=part, line=line)


GOOD = Page(
    parts=tuple(Place(name=name, line=10 * number) for number, name in enumerate(ORDER, start=1)),
    objectives=tuple(Place(name=name, line=20) for name in ("ports", "image", "stop")),
    questions=(Place(name="warm", line=31), Place(name="one", line=61), Place(name="two", line=62)),
    citations=(
        cited("warm", "00-start/words", part="warm-up", line=31),
        cited("one", "ports", line=61),
        cited("two", "image", kind="fill-in", line=62),
        cited("stops", "stop", kind="check", part="make", line=80),
    ),
)
START = Page(objectives=(Place(name="words", line=20),))


def without(name: str) -> Page:
    return replace(GOOD, parts=tuple(part for part in GOOD.parts if part.name != name))


def with_citation(citation: Citation) -> Page:
    return replace(GOOD, citations=(*GOOD.citations, citation))


def swapped(one: str, other: str) -> Page:
    names = [{one: other, other: one}.get(part.name, part.name) for part in GOOD.parts]
    return replace(GOOD, parts=tuple(replace(part, name=name) for part, name in zip(GOOD.parts, names, strict=True)))


def told(page: Page, *, docname: str = UNIT) -> list[tuple[int, str]]:
    # The earlier page is no unit page here, so that it has no faults of its own.
    pages = {EARLIER: START, docname: page}
    return [(fault.line, fault.message) for fault in faults(pages) if fault.docname == docname]


def test_a_page_that_keeps_every_rule_has_no_fault():
    assert told(GOOD) == []


def test_a_page_that_is_no_unit_may_hold_anything():
    assert told(Page(), docname="reference/report") == []


@pytest.mark.parametrize("name", ORDER)
def test_each_part_is_needed(name):
    assert told(without(name)) == [(1, f"the part {name!r} is missing: a unit has {', '.join(ORDER)}")]


@pytest.mark.parametrize(("one", "other"), list(itertools.pairwise(ORDER)))
def test_the_parts_have_an_order(one, other):
    [(line, message)] = told(swapped(one, other))

    assert line == 10 * (ORDER.index(other) + 1)
    assert message == f"the part {one!r} must come before {other!r}"


def test_a_part_may_come_again_later_save_the_head():
    again = (Place(name="predict", line=200), Place(name="investigate", line=201))
    assert told(replace(GOOD, parts=GOOD.parts + again)) == []

    twice = replace(GOOD, parts=(*GOOD.parts, Place(name="unit", line=200)))
    assert told(twice) == [(200, "the part 'unit' stands here a second time")]


def test_investigate_asks_twice():
    fewer = replace(
        GOOD, citations=(*GOOD.citations[:2], cited("two", "image", kind="parsons", line=62), GOOD.citations[3])
    )

    assert told(fewer) == [(60, "the part 'investigate' has 1 quizzes and fill-ins: two at least")]


@pytest.mark.parametrize("count", [0, 1, 2, 6])
def test_a_unit_has_three_to_five_objectives(count):
    names = [f"o{number}" for number in range(count)]
    page = replace(
        GOOD,
        objectives=tuple(Place(name=name, line=20) for name in names),
        citations=tuple(cited(name, name) for name in names),
    )

    assert (20, f"{count} objectives: a unit has three to five") in told(page)


def test_each_objective_is_asked_about():
    page = replace(GOOD, citations=GOOD.citations[:3])

    assert told(page) == [(20, "no question and no check is about the objective 'stop'")]


def test_an_objective_is_there_once():
    page = replace(GOOD, objectives=(*GOOD.objectives, Place(name="ports", line=24)))

    assert told(page) == [(24, "the objective 'ports' is there twice")]


CITATIONS = {
    "unknown": (
        cited("x", "prots"),
        "the quiz 'x' names the objective 'prots', and this unit has ports, image, stop",
    ),
    "unknown-of-a-check": (
        cited("x", "prots", kind="check", part="make"),
        "the check 'x' names the objective 'prots', and this unit has ports, image, stop",
    ),
    "missing": (cited("x", ""), "the quiz 'x' names no objective: give :objective:"),
    "of-another-unit": (
        cited("x", "00-start/words"),
        "the quiz 'x' names '00-start/words': only a warm-up may ask about another unit",
    ),
    "of-a-later-unit": (
        cited("x", "02-layers/cache", part="warm-up"),
        "the quiz 'x' names '02-layers/cache', and there is no earlier unit '02-layers'",
    ),
    "of-itself-as-another": (
        cited("x", "01-demo/ports", part="warm-up"),
        "the quiz 'x' names '01-demo/ports', and there is no earlier unit '01-demo'",
    ),
    "unknown-of-an-earlier-unit": (
        cited("x", "00-start/wrods", part="warm-up"),
        "the quiz 'x' names '00-start/wrods', and the unit '00-start' has no objective 'wrods'",
    ),
}


@pytest.mark.parametrize(("citation", "message"), CITATIONS.values(), ids=CITATIONS)
def test_a_citation_names_what_is_there(citation, message):
    assert told(with_citation(citation)) == [(50, message)]


def test_a_warm_up_may_ask_about_nothing_taught_here():
    assert told(with_citation(cited("x", "", part="warm-up"))) == []


def test_a_question_has_an_id_of_its_own_in_the_whole_course():
    pages = {"a": Page(questions=(Place(name="x", line=5),)), "b": Page(questions=(Place(name="x", line=7),))}

    [fault] = faults(pages)

    assert (fault.docname, fault.line) == ("b", 7)
    assert fault.message == "the question id 'x' is used before, in a:5"
