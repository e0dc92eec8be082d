"""grades.csv and the cells of every table: read back as they were meant, and never a formula."""

import csv
import io

import pytest

from grader.render.gradebook import FORMATS, Options
from grader.render.gradebook.cells import LEADS, cell, kept, table

from . import gradebooks as books


def read(folder, gradebook=books.CLASS):
    FORMATS["csv"](gradebook, folder, Options())
    content = (folder / "grades.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))


def test_each_student_has_a_line(tmp_path):
    rows = {row["student"]: row for row in read(tmp_path)}
    assert rows["dee"] == {
        "student": "dee",
        "name": "Dee Müller-Øst",
        "email": "dee@example.edu",
        "state": "graded",
        "points": "4",
        "max_points": "10",
        "check:says-hello": "2",
        "check:greets-by-name": "0",
        "check:no-debug-console": "2",
        "check:exec-form": "0",
        "late": "no",
        "cause": "",
        "note": "corrected by hand to 2 for GET / says hello to the world: the lecture did not ask for the newline",
    }
    assert rows["cy"]["points"] == "7.5"
    assert (rows["bo"]["late"], rows["ida"]["cause"]) == ("yes", "loopback")


@pytest.mark.parametrize(
    ("key", "note"),
    [
        ("eve", f"could not be graded: {books.FAULT}: why"),
        ("fay", "refused: fay.zip holds more than 10 MB: hand in your own work only"),
        ("gus", "nothing was handed in"),
        ("hal", "not graded yet"),
    ],
)
def test_without_a_score_the_cell_is_empty_and_the_reason_stands_beside_it(tmp_path, key, note):
    (row,) = [row for row in read(tmp_path) if row["student"] == key]
    assert (row["points"], row["note"]) == ("", note)


@pytest.mark.parametrize(("book", "count"), [(books.EMPTY, 0), (books.ONE, 1), (books.thousand(), 1_000)])
def test_a_class_of_any_size_has_a_table(tmp_path, book, count):
    assert len(read(tmp_path, book)) == count


@pytest.mark.parametrize("attack", books.ATTACKS)
def test_nothing_from_outside_is_a_formula_or_breaks_the_table(tmp_path, attack):
    FORMATS["csv"](books.hostile(attack), tmp_path, Options())
    text = (tmp_path / "grades.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert [len(row) for row in rows] == [6 + len(books.QUESTIONS) + 3] * 4
    # A program set to another separator finds no formula either.
    for separator in (",", ";", "\t"):
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            assert not [each for each in row if each.lstrip().startswith(tuple("=+-@\t\r"))]
    assert not set(text) & set("\x00\x07\x0b\x1b\x9b\u2028\u202e")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("-Ada", "'-Ada"),
        ("=1+1", "'=1+1"),
        (" =1+1", "' =1+1"),
        ("\t=1", "\\t=1"),
        ("a\r\nb", "a\\r\\nb"),
        ("Lovelace, Ada", "Lovelace, Ada"),
        ("Jean-Luc +1", "Jean-Luc +1"),
        ("x;=1+1", "x;'=1+1"),
        ("", ""),
    ],
)
def test_a_cell_stays_readable(text, shown):
    assert cell(text) == shown


@pytest.mark.parametrize("lead", LEADS)
def test_no_lead_stays(lead):
    assert cell(f"{lead}1+1")[0] not in LEADS


@pytest.mark.parametrize("text", ["-", "-1.5", "12,5", "50%", "EX", "N/A", "    Points Possible", "two\nlines"])
def test_a_platform_s_own_cell_stays_as_it_was(text):
    assert kept(text) == text


@pytest.mark.parametrize(("text", "shown"), [("=cmd", "'=cmd"), ("-1+cmd", "'-1+cmd"), ("\x1b[m", "\\x1b[m")])
def test_a_platform_s_own_cell_is_no_formula(text, shown):
    assert kept(text) == shown


def test_a_table_is_read_back():
    rows = [["a", 'quote " and ; and ,'], ["", "two\nlines"]]
    assert list(csv.reader(io.StringIO(table(rows, separator=";"), newline=""), delimiter=";")) == rows
