"""report.html: what it says of a class, and that nothing in it comes alive."""

import re

import msgspec
import pytest

from grader.batch.gradebook import Correction, State
from grader.render.gradebook import FORMATS, Options, summary
from grader.render.gradebook.chart import chart

from . import gradebooks as books
from .pages import Page, allowed

BOOK = "https://book.example/"
ELEMENTS = (
    "html head meta title style body main header nav section article footer h1 h2 h3 p ul ol li dl dt dd div pre code "
    "a b i span abbr table thead tbody tr th td figure figcaption details summary svg rect line text script"
)
ATTRIBUTES = (
    "lang charset http-equiv content name class id aria-labelledby aria-label aria-hidden role tabindex href scope "
    "title hidden viewbox preserveaspectratio x y x1 x2 y1 y2 width height rx"
)


def read(folder, gradebook=books.CLASS, **options):
    FORMATS["html"](gradebook, folder, Options(**options))
    return Page((folder / "report.html").read_text("utf-8"))


def scored(*points):
    """A class with these scores, decided by hand."""
    given = [Correction(points=each, reason="so", at="2026-11-21T09:00:00+00:00") for each in points]
    return books.gradebook(*(msgspec.structs.replace(books.GUS, corrections=(each,)) for each in given))


def test_it_stands_alone(tmp_path):
    page = read(tmp_path, book=BOOK)
    assert page.elements <= set(ELEMENTS.split())
    assert page.attributes <= set(ATTRIBUTES.split())
    assert all(link.startswith((BOOK, "#")) for link in page.links)
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)
    assert len(set(page.ids)) == len(page.ids)
    assert allowed(page, "style")
    assert allowed(page, "script")
    assert not re.search(r"url\(|@import|https?:", "".join([*page.styles, *page.scripts]))


@pytest.mark.parametrize(
    "words",
    [
        "9 students, 10 points.",
        "Graded from 2026-11-20 10:00 UTC; this is how it stood at 2026-11-20 10:42 UTC. Docker 26.1.5.",
        "2 hand-ins of one student: the newer one was graded",
        "graded 5 waiting 1 ungraded 1 refused 1 missing 1 full marks 1 median 4 middle half 2 to 7.5",
        f"Eve Ning : {books.FAULT}: why",
        "Fay Zhang : fay.zip holds more than 10 MB: hand in your own work only",
        "Cy Twombly : corrected by hand to 7.5: shown in person",
        "GET /<name> greets by name routes 3 1 of 5 20 %",
        "Lost points that no known mistake explains (2)",
        "2 loopback Your app listens on 127.0.0.1:5000",
        "build 4.2 s 4.2 s",
        "in all 6.3 s 8.5 s Dee Müller-Øst",
        "Identical , but for comments and white space: Ada Lovelace , Bo Diaz",
        "87 % in common of what is their own: Cy Twombly , Dee Müller-Øst , Ida Rhodes",
        "Bo Diaz late graded 2 0 0 2 0",
        "not taken: .git, notes.txt",
    ],
)
def test_it_says(tmp_path, words):
    text = " ".join(" ".join(read(tmp_path).words).split())
    assert words in text


def test_a_mistake_links_to_where_it_is_taught(tmp_path):
    assert f"{BOOK}mistakes.html#loopback" in read(tmp_path, book=BOOK).links
    assert not [link for link in read(tmp_path).links if not link.startswith("#")]


def test_likeness_does_not_accuse(tmp_path):
    text = read(tmp_path).text
    assert "It proves nothing" in text
    assert not re.search("plagiar|cheat|copied|copy", text, re.IGNORECASE)


def test_nobody_and_one_have_a_page_too(tmp_path):
    nobody = read(tmp_path, books.EMPTY).text
    assert "0 students" in nobody
    assert "Nobody has a score yet." in nobody
    assert "Nothing was timed yet." in nobody
    one = read(tmp_path, books.ONE).text
    assert "1 student, 10 points" in one
    assert "Nothing: every hand-in has a score, and none was corrected." in one
    assert "None was diagnosed." in one


def test_a_thousand_fit_on_a_page(tmp_path):
    page = read(tmp_path, books.thousand())
    assert (tmp_path / "report.html").stat().st_size < 10_000_000
    assert len([each for each in page.ids if re.fullmatch(r"s\d{4}", each)]) == 1_000


@pytest.mark.parametrize("attack", books.ATTACKS)
def test_nothing_from_outside_is_live(tmp_path, attack):
    page = read(tmp_path, books.hostile(attack), book=BOOK)
    assert page.elements <= set(ELEMENTS.split())
    assert page.attributes <= set(ATTRIBUTES.split())
    assert all(link.startswith((BOOK, "#")) for link in page.links)
    assert allowed(page, "style")
    assert allowed(page, "script")
    text = (tmp_path / "report.html").read_text("utf-8")
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202e\u2028\ud800-\udfff]", text)


@pytest.mark.parametrize(
    ("points", "quarters"), [([], None), ([4], (4, 4, 4)), ([0, 10], (2.5, 5, 7.5)), ([1, 2, 3, 4, 5], (2, 3, 4))]
)
def test_quartiles(points, quarters):
    assert summary.quartiles(points) == quarters


@pytest.mark.parametrize(
    ("points", "counted"),
    [
        pytest.param([], {}, id="nobody"),
        pytest.param([0, 0.5, 1, 10], {"0": 2, "1": 1, "10": 1}, id="halves"),
        pytest.param([12, -1], {"0": 1, "10": 1}, id="beyond both ends"),
    ],
)
def test_each_score_is_in_one_column(points, counted):
    bins = summary.distribution(scored(*points))
    assert {each.label: each.count for each in bins if each.count} == counted
    assert [each.label for each in bins] == [str(number) for number in range(11)]


@pytest.mark.parametrize("most", [1, 20, 21, 50, 100])
def test_many_points_share_a_column(most):
    questions = (msgspec.structs.replace(books.QUESTIONS[0], points=most),)
    bins = summary.distribution(msgspec.structs.replace(scored(0, most), questions=questions))
    assert len(bins) <= summary.BINS + 2
    assert (bins[0].count, bins[-1].count, bins[-1].label) == (1, 1, str(most))


def test_an_exercise_without_points_has_a_column(tmp_path):
    page = read(tmp_path, books.gradebook(books.ADA, questions=()))
    assert "graded 1" in " ".join(" ".join(page.words).split())


def test_a_rate_counts_only_those_of_whom_it_is_known():
    hello, greets, *_ = summary.rates(books.CLASS)
    assert (hello.passed, hello.told, greets.passed, greets.told) == (2, 6, 1, 5)
    assert summary.rates(books.EMPTY)[0].share == 0


def test_a_cause_counts_a_student_once_and_the_most_frequent_comes_first():
    crashes = books.entry("kim", "Kim", report=books.reports.CRASHES)
    found = summary.causes(books.gradebook(crashes, books.IDA))
    assert [(each.diagnosis.id, [entry.student.key for entry in each.entries]) for each in found] == [
        ("loopback", ["kim", "ida"]),
        ("app-crashed", ["kim"]),
    ]


def test_every_state_without_a_score_is_a_concern():
    told = {entry.entry.state for _, group in summary.concerns(books.CLASS) for entry in group}
    assert told == set(State)
    assert list(summary.concerns(books.ONE)) == []


def test_the_chart_has_a_column_for_each_count():
    drawn = chart(summary.distribution(books.CLASS))
    assert drawn.count("<rect") == 4
    assert "style=" not in drawn
    assert chart(()).count("<rect") == 0
