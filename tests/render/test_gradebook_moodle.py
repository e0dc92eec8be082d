"""moodle.csv: what Moodle would make of it, by its own rules."""

import csv
import io
from html.parser import HTMLParser

import msgspec
import pytest

from grader.errors import UsageError
from grader.render.gradebook import FORMATS, Options

from . import gradebooks as books
from .importers import moodle

HEADER = [
    "Identifier",
    "Full name",
    "Email address",
    "Status",
    "Grade",
    "Maximum Grade",
    "Grade can be changed",
    "Last modified (submission)",
    "Online text",
    "Last modified (grade)",
    "Feedback comments",
]
MODIFIED = "Friday, 20 November 2026, 9:00 AM"
OURS = '<div class="shipshape">'


def row(number, name="", email="", grade="", changed="-", maximum="10.00", changeable="Yes", comment="", text=""):
    status = "Submitted for grading - "
    return [f"Participant {number}", name, email, status, grade, maximum, changeable, MODIFIED, text, changed, comment]


ROWS = [
    row(9001, "Ada Lovelace", "ada@example.edu"),
    row(9002, "Bo Diaz", "", "5.00", MODIFIED),
    row(8003, "Cy Twombly", "CY@example.edu"),
    row(8004, "Dee Müller-Øst"),
    row(9007, "Gus Ho", "gus@example.edu", "3.00", MODIFIED, comment="<p>See me,\nplease.</p>"),
    row(9099, "Not Here"),
]
USERS = {line[0].split()[1]: line[9] for line in ROWS}


def downloaded(tmp_path, rows=ROWS, header=HEADER):
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows([header, *rows])
    path = tmp_path / "worksheet.csv"
    path.write_text(stream.getvalue(), encoding="utf-8", newline="")
    return path


def filled(tmp_path, gradebook=books.CLASS, *, book="", **fields):
    options = Options(moodle=downloaded(tmp_path, **fields), book=book)
    written = FORMATS["moodle"](gradebook, tmp_path / "out", options)
    return (tmp_path / "out" / "moodle.csv").read_bytes().decode(), written.notes


def table(text):
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def test_grades_and_comments_are_filled_in_and_the_rest_stays_to_the_letter(tmp_path):
    text, notes = filled(tmp_path)
    taken = moodle(text, USERS, 10)
    assert {number: grade for number, (grade, _) in taken.items()} == {
        "9001": 10,
        "9002": 2,
        "8003": 7.5,
        "8004": 4,
        "9007": 3,
        "9099": None,
    }
    assert taken["9007"][1] == "<p>See me,\nplease.</p>"
    header, *rows = table(text)
    assert header == HEADER
    for before, after in zip(ROWS, rows, strict=True):
        assert [before[at] for at in range(11) if at not in (4, 10)] == [
            after[at] for at in range(11) if at not in (4, 10)
        ]
    assert [note.split(": ")[1] for note in notes] == [
        "Eve Ning (eve@example.edu)",
        "Fay Zhang (fay@example.edu)",
        "Hal Niner (hal@example.edu)",
        "Ida Rhodes (ida@example.edu)",
    ]


def test_a_comment_says_what_was_lost_and_why(tmp_path):
    text, _ = filled(tmp_path, book="https://book.example/")
    taken = moodle(text, USERS, 10)
    assert taken["9001"][1] == f"{OURS}<p>10 of 10 points.</p></div>"
    comment = taken["8003"][1]
    assert comment.startswith(f"{OURS}<p>7.5 of 10 points.</p><p>corrected by hand to 7.5: shown in person</p><ul>")
    assert '<a href="https://book.example/mistakes.html#loopback">common mistakes: loopback</a>' in comment
    assert "mend: Start it with <code>--host 0.0.0.0</code>" in comment
    assert "\n" not in "".join(comment for _, comment in taken.values() if comment.startswith(OURS))


def test_blind_marking_is_filled_in_by_number(tmp_path):
    keep = [0, 3, 4, 5, 6, 7, 8, 9]
    rows = [[line[at] for at in keep] for line in ROWS]
    text, notes = filled(tmp_path, rows=rows, header=[HEADER[at] for at in keep])
    grades = {number: grade for number, (grade, _) in moodle(text, USERS, 10).items()}
    assert (grades["9001"], grades["9002"], grades["8003"]) == (10, 2, None)
    assert len(notes) == 6


def test_grades_are_scaled_to_what_moodle_counts_and_that_is_said(tmp_path):
    text, notes = filled(tmp_path, rows=[row(9002, maximum="100,00")])
    assert moodle(text, {"9002": "-"}, 100)["9002"][0] == 20
    assert "counts to 100 and the exercise to 10: the grades are scaled" in notes[0]


def test_a_grade_is_never_above_the_maximum(tmp_path):
    generous = books.gradebook(
        msgspec.structs.replace(
            books.ADA, corrections=(books.Correction(points=12, reason="extra", at="2026-11-21T09:00:00+00:00"),)
        )
    )
    text, _ = filled(tmp_path, generous, rows=ROWS[:1])
    assert moodle(text, USERS, 10)["9001"][0] == 10


def test_a_locked_grade_is_left_alone_and_named(tmp_path):
    text, notes = filled(tmp_path, books.ONE, rows=[row(9001, grade="1.00", changeable="No")])
    assert moodle(text, USERS, 10)["9001"] == (1, "")
    assert notes[0].startswith("locked in ")


def test_an_instructor_s_comment_stays_and_ours_is_written_anew(tmp_path):
    rows = [row(9001, comment="Well done!"), row(9002, comment=f"{OURS}<p>0 of 10 points.</p></div>")]
    text, notes = filled(tmp_path, books.gradebook(books.ADA, books.BO), rows=rows)
    taken = moodle(text, {"9001": "-", "9002": "-"}, 10)
    assert taken["9001"] == (10, "Well done!")
    assert taken["9002"][1].startswith(f"{OURS}<p>2 of 10 points.</p>")
    assert notes[0].startswith("commented on in ")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"rows": [row(1, maximum="Good, Bad")]}, "has 'Good, Bad' as its maximum grade: set the assignment to points"),
        ({"rows": [["x"]], "header": ["Identifier"]}, "has no column 'Grade', only Identifier: download it in English"),
        ({"rows": [["x", "1"]], "header": ["Identifier", "Grade"]}, "has '' as its maximum grade"),
        (
            {"rows": [], "header": ["Kennung"]},
            "has no column 'Identifier': name the grading worksheet that Moodle hands",
        ),
    ],
)
def test_a_worksheet_that_cannot_be_filled_in_is_told(tmp_path, fields, words):
    with pytest.raises(UsageError, match=words):
        filled(tmp_path, **fields)


def test_without_a_worksheet_it_is_asked_for(tmp_path):
    with pytest.raises(UsageError, match="the grading worksheet that Moodle hands out is to be filled in: download it"):
        FORMATS["moodle"](books.ONE, tmp_path, Options())


class Live(HTMLParser):
    """Every tag and attribute of a comment."""

    def __init__(self, text):
        super().__init__()
        self.found = set()
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.found |= {tag, *(f"{tag}@{name}" for name, _ in attributes)}

    def handle_comment(self, data):
        self.found.add("comment")

    handle_decl = unknown_decl = handle_pi = handle_comment


@pytest.mark.parametrize("attack", books.ATTACKS)
def test_nothing_from_outside_is_live(tmp_path, attack):
    online = attack.replace("\x00", "").replace("\udc80", "")
    rows = [row(9001, online, "x", text=online)]
    mallory = books.attacked(attack)
    student = msgspec.structs.replace(mallory.student, ids={"moodle": "9001"})
    text, _ = filled(tmp_path, books.gradebook(msgspec.structs.replace(mallory, student=student)), rows=rows)
    _, line = table(text)
    assert line[4] == "1"
    assert Live(line[10]).found <= {"div", "div@class", "p", "ul", "li", "br", "code"}
    assert not [each for at, each in enumerate(line) if at != 9 and each.lstrip().startswith(tuple("=+-@\t\r"))]
    assert not set(line[10]) & set("\n\x07\x0b\x1b\x9b\u2028\u202e")
