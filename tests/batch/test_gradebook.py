"""A gradebook's values: what counts, and what nobody can tell."""

import pytest

from grader.batch.gradebook import State
from tests.render import gradebooks as books


@pytest.mark.parametrize(
    ("entry", "points"),
    [
        pytest.param(books.ADA, 10, id="full marks"),
        pytest.param(books.BO, 2, id="points lost"),
        pytest.param(books.CY, 7.5, id="corrected as a whole"),
        pytest.param(books.DEE, 4, id="corrected twice in one check"),
        pytest.param(books.EVE, None, id="ungraded"),
        pytest.param(books.FAY, None, id="refused"),
        pytest.param(books.GUS, None, id="missing"),
        pytest.param(books.HAL, None, id="waiting"),
    ],
)
def test_points_count_corrections_and_are_no_zero_that_nobody_decided(entry, points):
    assert entry.points == points


@pytest.mark.parametrize(
    ("entry", "marks"),
    [
        pytest.param(books.DEE, [2, 0, 2, 0], id="corrected"),
        pytest.param(books.EVE, [3, None, None, 2], id="what an error left open"),
        pytest.param(books.IDA, [0, 0, 0, 2], id="skipped for a failure"),
        pytest.param(books.GUS, [None] * 4, id="missing"),
    ],
)
def test_each_check_has_its_mark(entry, marks):
    assert [entry.mark(question.id) for question in books.QUESTIONS] == marks


def test_a_check_that_is_not_in_the_report_has_none():
    assert books.ADA.mark("other") is None


def test_the_cause_is_the_first_diagnosis():
    assert [books.IDA.cause, books.ADA.cause, books.GUS.cause] == ["loopback", "", ""]


def test_one_of_each_state_is_in_the_class():
    assert {entry.state for entry in books.CLASS.entries} == set(State)
