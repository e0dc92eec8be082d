"""The words and numbers that every form of a gradebook shares."""

import msgspec
import pytest

from grader.batch.gradebook import Correction, State
from grader.render.gradebook.scale import parse, scale
from grader.render.gradebook.standing import corrected, fault, holding, moment, name, number, who, without

from . import gradebooks as books


@pytest.mark.parametrize(
    ("points", "shown"),
    [(None, ""), (0, "0"), (7, "7"), (7.0, "7"), (7.5, "7.5"), (2 / 3, "0.67"), (-0.001, "0"), (1_000_000, "1000000")],
)
def test_points_are_read_easily(points, shown):
    assert number(points) == shown


@pytest.mark.parametrize(
    ("time", "shown"),
    [
        ("2026-11-20T10:00:59+00:00", "2026-11-20 10:00 UTC"),
        ("2026-11-20T10:00:00+05:30", "2026-11-20 04:30 UTC"),
        ("yesterday", "yesterday"),
    ],
)
def test_a_time_is_read_to_the_minute(time, shown):
    assert moment(time) == shown


def test_a_student_is_named_by_the_key_at_least():
    nobody = msgspec.structs.replace(books.ADA.student, name="", email="")
    entry = msgspec.structs.replace(books.ADA, student=nobody)
    assert (name(entry), who(entry), who(books.ADA)) == ("ada", "ada", "Ada Lovelace (ada@example.edu)")


def test_an_endless_name_is_cut():
    endless = msgspec.structs.replace(books.ADA.student, name="x" * 1_000_000, email="y" * 1_000_000)
    assert len(who(msgspec.structs.replace(books.ADA, student=endless))) < 600


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (books.ADA, ""),
        (msgspec.structs.replace(books.FAY, refusal=""), "refused"),
        (msgspec.structs.replace(books.EVE, report=None), "could not be graded: no reason is known"),
        (books.HAL, "not graded yet"),
    ],
)
def test_why_there_is_no_score(entry, words):
    assert without(entry) == words


def test_a_fault_is_told_in_its_own_words():
    assert fault(books.EVE) == f"{books.FAULT}: why"


def test_of_two_corrections_the_last_holds_and_one_of_the_whole_sets_the_others_aside():
    assert holding(books.DEE) == (books.CHECK,)
    assert holding(msgspec.structs.replace(books.DEE, corrections=(books.CHECK, books.WHOLE))) == (books.WHOLE,)


def test_a_correction_of_a_check_that_is_gone_is_named_by_its_id():
    gone = Correction(check="old-check", points=1, reason="so", at="2026-11-21T09:00:00+00:00")
    assert corrected(gone, books.CLASS) == "corrected by hand to 1 for old-check: so"


def test_an_old_report_is_no_verdict_on_what_waits():
    waits = msgspec.structs.replace(books.IDA, state=State.WAITING)
    assert (waits.verdict, waits.cause, waits.mark("exec-form"), waits.points) == (None, "", None, None)


@pytest.mark.parametrize(
    ("text", "maximum"),
    [("10", 10), ("10.00", 10), ("10,50", 10.5), (" 1,000.00 ", 1000), ("1.000,00", 1000), ("", None), ("Good", None)],
)
def test_a_maximum_is_read_in_any_language(text, maximum):
    assert parse(text) == maximum


@pytest.mark.parametrize(("maximum", "grade"), [("", "7.5"), ("0", "7.5"), ("10", "7.5"), ("100", "75"), ("4", "3")])
def test_points_are_scaled_where_there_is_a_maximum(maximum, grade):
    assert scale(books.CLASS, maximum).grade(7.5) == grade


def test_an_exercise_without_points_is_not_scaled():
    assert scale(books.gradebook(questions=()), "100").grade(0) == "0"
