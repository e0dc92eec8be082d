"""canvas.csv: what Canvas would make of it, by its own rules."""

import csv
import io

import msgspec
import pytest

from grader.errors import UsageError
from grader.render.gradebook import FORMATS, Options

from . import gradebooks as books
from .importers import canvas

TITLE = books.CLASS.title
HEADER = [
    "Student",
    "ID",
    "SIS User ID",
    "SIS Login ID",
    "Section",
    "Nickname",
    "Quiz (7)",
    f"{TITLE} (8)",
    "Final Score",
]
STUDENTS = {"101": "Ada Lovelace", "102": "Bo Diaz", "103": "Cy Twombly", "104": "Eve Ning", "105": "New Comer"}


def row(name, id, login, grade="", sis=""):
    return [name, id, sis, login, "Monday", "x", "5", grade, "50"]


ROWS = [
    ["", "", "", "", "", "", "", "Manual Posting", ""],
    ["    Points Possible", "", "", "", "", "", "5.0", "10.0", "(read only)"],
    row("Lovelace, Ada", "101", "ada@example.edu"),
    row("Diaz, Bo", "102", "bodiaz", "1"),
    row("Twombly, Cy", "103", "CY@example.edu"),
    row("Ning, Eve", "104", "eve", "6.5"),
    row("Comer, New", "105", "new"),
]


def exported(tmp_path, rows=ROWS, header=HEADER, separator=",", mark=""):
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=separator).writerows([header, *rows])
    path = tmp_path / "grades-export.csv"
    path.write_text(mark + stream.getvalue(), encoding="utf-8", newline="")
    return path


def filled(tmp_path, gradebook=books.CLASS, *, assignment="", **fields):
    options = Options(canvas=exported(tmp_path, **fields), assignment=assignment)
    written = FORMATS["canvas"](gradebook, tmp_path / "out", options)
    return (tmp_path / "out" / "canvas.csv").read_bytes().decode(), written.notes


def test_one_column_is_filled_in_and_no_other_can_change(tmp_path):
    text, notes = filled(tmp_path)
    assert canvas(text, {"7": "Quiz", "8": TITLE}, STUDENTS) == {
        "8": {"points possible": "10.0", "101": "10", "102": "2", "103": "7.5", "104": "6.5", "105": ""}
    }
    header, posting, points, *_ = csv.reader(io.StringIO(text, newline=""))
    assert header == [*HEADER[:5], f"{TITLE} (8)"]
    assert posting == ["", "", "", "", "", "Manual Posting"]
    assert points == ["    Points Possible", "", "", "", "", "10.0"]
    missing = [note.split(": ")[1] for note in notes]
    assert missing == [
        "Dee Müller-Øst (dee@example.edu)",
        "Fay Zhang (fay@example.edu)",
        "Gus Ho (gus@example.edu)",
        "Hal Niner (hal@example.edu)",
        "Ida Rhodes (ida@example.edu)",
    ]


@pytest.mark.parametrize(
    ("ids", "email", "name", "line"),
    [
        pytest.param({"canvas": "105"}, "", "", row("X", "105", "y"), id="Canvas's id"),
        pytest.param({"sis": "S-5"}, "", "", row("X", "105", "y", sis="s-5"), id="the school's id"),
        pytest.param({"roster": "S-5"}, "", "", row("X", "105", "y", sis="S-5"), id="the roster's id"),
        pytest.param({"login": "NewC"}, "", "", row("X", "105", "newc"), id="login"),
        pytest.param({}, "New@example.edu", "", row("X", "105", "new@example.edu"), id="address"),
        pytest.param({}, "", "new comer", row("Comer, New", "105", "y"), id="name"),
        pytest.param({}, "", "Müller-Øst Dee", row("Müller-Øst, Dee", "105", "y"), id="name with signs"),
    ],
)
def test_a_student_is_known_by(tmp_path, ids, email, name, line):
    student = msgspec.structs.replace(books.ADA.student, ids=ids, email=email, name=name)
    one = books.gradebook(msgspec.structs.replace(books.ADA, student=student))
    text, notes = filled(tmp_path, one, rows=[ROWS[1], line])
    assert (canvas(text, {"8": TITLE}, {"105": ""})["8"]["105"], notes) == ("10", ())


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([row("Lovelace, Ada", "1", "x"), row("Ada Lovelace", "2", "y")], id="two rows of one name"),
        pytest.param([row("Lovelace, A.", "1", "x")], id="another name"),
    ],
)
def test_nobody_is_placed_by_guessing(tmp_path, rows):
    student = msgspec.structs.replace(books.ADA.student, ids={}, email="")
    one = books.gradebook(msgspec.structs.replace(books.ADA, student=student))
    text, notes = filled(tmp_path, one, rows=[ROWS[1], *rows])
    assert set(canvas(text, {"8": TITLE}, {"1": "", "2": ""})["8"].values()) == {"10.0", ""}
    assert [note.partition(": ")[2] for note in notes] == ["Ada Lovelace"]


def test_two_of_one_name_and_one_row_place_nobody(tmp_path):
    students = [msgspec.structs.replace(books.ADA.student, ids={}, email="", key=key) for key in ("a", "b")]
    two = books.gradebook(*(msgspec.structs.replace(books.ADA, student=student) for student in students))
    text, notes = filled(tmp_path, two, rows=[ROWS[1], row("Lovelace, Ada", "101", "x")])
    assert (canvas(text, {"8": TITLE}, STUDENTS)["8"]["101"], len(notes)) == ("", 2)


@pytest.mark.parametrize(("separator", "mark"), [(",", "\ufeff"), (";", ""), (";", "\ufeff")])
def test_the_file_is_written_as_it_was(tmp_path, separator, mark):
    text, _ = filled(tmp_path, separator=separator, mark=mark)
    assert text.startswith(f"{mark}Student{separator}ID{separator}")
    assert canvas(text.removeprefix(mark), {"8": TITLE}, STUDENTS)["8"]["103"] == "7.5"


def test_names_in_two_columns_are_read(tmp_path):
    header = ["LastName", "FirstName", "ID", "SIS Login ID", "Section", f"{TITLE} (8)"]
    rows = [["    Points Possible", "", "", "", "", "10"], ["Lovelace", "Ada", "77", "z", "Monday", ""]]
    student = msgspec.structs.replace(books.ADA.student, ids={}, email="")
    text, _ = filled(
        tmp_path, books.gradebook(msgspec.structs.replace(books.ADA, student=student)), rows=rows, header=header
    )
    assert canvas(text, {"8": TITLE}, {"77": ""})["8"]["77"] == "10"


@pytest.mark.parametrize("assignment", ["7", "Quiz", "quiz", "Quiz (7)"])
def test_the_assignment_may_be_named(tmp_path, assignment):
    text, _ = filled(tmp_path, assignment=assignment)
    assert list(canvas(text, {"7": "Quiz", "8": TITLE}, STUDENTS)) == ["7"]


def test_grades_are_scaled_to_what_canvas_counts_and_that_is_said(tmp_path):
    text, notes = filled(tmp_path, assignment="7")
    assert canvas(text, {"7": "Quiz"}, STUDENTS)["7"]["103"] == "3.75"
    assert "counts to 5 and the exercise to 10: the grades are scaled" in notes[0]


def test_who_is_excused_stays_excused(tmp_path):
    text, notes = filled(tmp_path, books.ONE, rows=[ROWS[1], row("Lovelace, Ada", "101", "x", "EX")])
    assert canvas(text, {"8": TITLE}, STUDENTS)["8"]["101"] == "EX"
    assert "excused in" in notes[0]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"assignment": "Other"}, r"has no assignment 'Other': name one by its title or its id, of Quiz \(7\), Cont"),
        ({"header": [*HEADER[:6], "A (1)", "A (2)", "x"], "assignment": "a"}, "has more than one assignment 'a': name"),
        (
            {"header": ["Student", "ID", "Login", "Sec", "a", "b", "c", "d", "e"]},
            "has no column 'Section', only Student, ",
        ),
        ({"rows": [["    Points Possible", *[""] * 6, "(read only)", ""]]}, "is read only there, so Canvas would not"),
        ({"rows": [["a"] * 20]}, "row 2 has more cells than the header: download it again"),
        ({"header": ["a", "b"], "rows": []}, "has no column 'ID': name the gradebook that Canvas exports as CSV, "),
        ({"header": ['a"b\n"c'], "rows": []}, "has no column 'ID'"),
    ],
)
def test_a_file_that_cannot_be_filled_in_is_told(tmp_path, fields, words):
    with pytest.raises(UsageError, match=words):
        filled(tmp_path, **fields)


def test_a_file_that_cannot_be_read_is_told(tmp_path):
    with pytest.raises(UsageError, match="cannot be read: No such file or directory; name the gradebook"):
        FORMATS["canvas"](books.ONE, tmp_path, Options(canvas=tmp_path / "none.csv"))
    (tmp_path / "latin.csv").write_bytes(b"Student,ID\nJos\xe9,1\n")
    with pytest.raises(UsageError, match="is not UTF-8: download the gradebook that Canvas exports as CSV again"):
        FORMATS["canvas"](books.ONE, tmp_path, Options(canvas=tmp_path / "latin.csv"))
    (tmp_path / "large.csv").write_bytes(b"x" * 20_000_001)
    with pytest.raises(UsageError, match="is larger than 20 MB"):
        FORMATS["canvas"](books.ONE, tmp_path, Options(canvas=tmp_path / "large.csv"))


def test_without_an_export_one_is_made_that_canvas_takes(tmp_path):
    FORMATS["canvas"](books.CLASS, tmp_path, Options())
    text = (tmp_path / "canvas.csv").read_bytes().decode()
    students = {entry.student.key: entry.student.name for entry in books.CLASS.entries}
    taken = canvas(text, {"8": TITLE}, students)["8"]
    assert (taken["points possible"], taken["bo"], taken["gus"]) == ("10", "2", "")
    assert list(canvas(text, {}, students)) == [f"new: {TITLE}"]


@pytest.mark.parametrize("attack", books.ATTACKS)
def test_nothing_from_outside_is_a_formula(tmp_path, attack):
    rows = [ROWS[1], row(attack.replace("\x00", "").replace("\udc80", ""), "101", "x")]
    filled(tmp_path, books.hostile(attack), rows=rows)
    FORMATS["canvas"](books.hostile(attack), tmp_path / "made", Options())
    for folder in ("out", "made"):
        text = (tmp_path / folder / "canvas.csv").read_bytes().decode()
        for line in csv.reader(io.StringIO(text, newline=""), strict=True):
            assert not [each for each in line if each.lstrip().startswith(tuple("=+-@\t\r"))]
        assert not set(text) & set("\x07\x0b\x1b\x9b\u2028\u202e")
