"""The roster: read strictly, and matched with the hand-ins by what is surest, never by a guess."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from grader.errors import SubmissionError, UsageError
from grader.intake import roster
from grader.intake.handed import HandIn, Student
from grader.intake.layouts import hand_ins
from grader.intake.matching import Matched, match
from grader.intake.roster import Roster, read

from .packing import lay, zipped
from .test_layouts import CANVAS, GRADESCOPE, MOODLE_FOLDERS, within

CLASS = """\
id,name,email
17,Ada Lovelace,ada@example.edu
18,"Hopper, Grace",grace@example.edu
19,Alan Turing,alan@example.edu
"""


def written(tmp_path: Path, content: str | bytes, encoding: str = "utf-8") -> Path:
    path = tmp_path / "roster.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def listed(tmp_path: Path, content: str) -> Roster:
    return read(written(tmp_path, content))


def handed(name: str, number: int = 0, email: str = "", **ids: str) -> HandIn:
    student = Student(key=name.replace(" ", "-") or "none", name=name, email=email, ids=ids)
    return HandIn(student=student, source=f"class/{name}", number=number, lay_out=lambda into: into / name)


def keys(hand_ins: Sequence[HandIn]) -> list[str]:
    return [hand_in.student.key for hand_in in hand_ins]


def matched(tmp_path: Path, content: str, *hand_ins: HandIn) -> Matched:
    return match(listed(tmp_path, content), hand_ins)


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        pytest.param(CLASS, "utf-8", id="comma"),
        pytest.param(CLASS, "utf-8-sig", id="with a byte order mark"),
        pytest.param(CLASS.replace("\n", "\r\n"), "utf-8", id="Windows' lines"),
        pytest.param(CLASS.replace("id,name,email", "ID , Name,EMAIL"), "utf-8", id="headers in capitals"),
        pytest.param(CLASS.replace(",", ";").replace("Hopper;", "Hopper,"), "utf-8", id="semicolon"),
        pytest.param(CLASS.replace(",", "\t").replace("Hopper\t", "Hopper,"), "utf-8", id="tab"),
        pytest.param("\n" + CLASS + "\n,,\n", "utf-8", id="empty lines"),
        pytest.param(CLASS.replace("\n", ",,\n"), "utf-8", id="empty columns at the end"),
    ],
)
def test_a_roster_is_read(tmp_path: Path, content: str, encoding: str) -> None:
    students = read(written(tmp_path, content, encoding)).students
    assert [(each.key, each.name, each.email, each.ids) for each in students] == [
        ("17", "Ada Lovelace", "ada@example.edu", {"roster": "17"}),
        ("18", "Hopper, Grace", "grace@example.edu", {"roster": "18"}),
        ("19", "Alan Turing", "alan@example.edu", {"roster": "19"}),
    ]


def test_further_columns_are_kept_and_the_address_may_be_unknown(tmp_path: Path) -> None:
    content = "Login,Group,name,id\nada-l,A,Ada,u 1\n,,,u2\n"
    ada, nameless = listed(tmp_path, content).students
    assert (ada.key, ada.email, ada.ids) == ("u-1", "", {"login": "ada-l", "group": "A", "roster": "u 1"})
    assert (nameless.name, nameless.ids) == ("u2", {"roster": "u2"})


def test_ids_that_would_be_one_file_have_keys_of_their_own(tmp_path: Path) -> None:
    first, second = listed(tmp_path, "id,name\nu/1,A\nu-1,B\n").students
    assert first.key != second.key
    assert first.key.startswith("u-1-")


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("", ":1: lists nobody: expected a CSV whose first line is id,name,email, and a line for each student"),
        ("id,name\n", ":1: lists nobody: "),
        ("17,Ada\n", ":1: no column 'id': expected a CSV whose first line is id,name,email"),
        ("id,email\n17,a@b\n", ":1: no column 'name': expected a CSV whose first line is id,name,email"),
        ("id,name,Name\n", ":1: the column 'name' is there twice: keep one"),
        ("id,name\n17,Ada\n,Alan\n", ":3: the id is empty: every student needs one"),
        ("id,name\n17,Ada\n\n17,Alan\n", ":4: the id '17' stands in line 2 already: keep one"),
        ("id,name\na,Ada\nA,Alan\n", ":3: the id 'A' stands in line 2 already: keep one"),
        ("id,name\n17,Lovelace, Ada\n", ":2: 3 values for 2 columns: put a value with a comma between quotes"),
        ('id,name\n17,"Ada\n', ":2: not CSV: unexpected end of data"),
        ('id,name\n17,"Ada"x\n', ":2: not CSV: "),
        (b"id,name\n17,Jos\xe9\n", ":2: not UTF-8: save it as CSV in UTF-8"),
        (CLASS.encode("utf-16"), ":1: not UTF-8: save it as CSV in UTF-8"),
    ],
)
def test_a_roster_that_cannot_be_meant_is_refused_with_its_line(
    tmp_path: Path, content: str | bytes, fault: str
) -> None:
    path = written(tmp_path, content)
    with pytest.raises(UsageError) as error:
        read(path)
    assert str(error.value).startswith(f"{path}{fault}")
    assert "\n" not in str(error.value)


def test_the_line_is_right_after_a_value_of_several(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r":4: the id is empty"):
        listed(tmp_path, 'id,name\n17,"Ada\nLovelace"\n,Alan\n')


def test_a_roster_that_is_none_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match=r"none.csv cannot be read: No such file or directory; expected a CSV whose"):
        read(tmp_path / "none.csv")
    monkeypatch.setattr(roster, "SIZE_LIMIT", 10)
    with pytest.raises(UsageError, match=r"roster.csv is larger than 0 MB: expected a CSV whose first line is id,name"):
        listed(tmp_path, CLASS)


@pytest.mark.parametrize(
    ("columns", "hand_in"),
    [
        pytest.param("id,name,canvas\n17,x,501", handed("lovelaceada", canvas="501"), id="Canvas's number"),
        pytest.param("id,name,moodle\n17,x,Participant 41", handed("Ada", moodle="41"), id="Moodle's number"),
        pytest.param("id,name\n17,x", handed("Ada", gradescope="9", sid="17"), id="Gradescope's student id"),
        pytest.param("id,name,sis\n17,x,S7", handed("Ada", gradescope="9", sid="s7"), id="the registry's id"),
        pytest.param("id,name\n17,x", handed("lovelaceada", canvas="17"), id="Canvas's number as the id"),
        pytest.param("id,name\n17,x", handed("17"), id="a folder by the id"),
        pytest.param("id,name,login\n17,x,ada-l", handed("Ada-L"), id="a folder by the login"),
        pytest.param("id,name,github\n17,x,ada-l", handed("ada-l", login="ada-l", repository="h-ada-l"), id="login"),
        pytest.param(
            "id,name,login\n17,x,ada-l\n18,y,l", handed("l", login="?", repository="hi-ada-l"), id="a longer login"
        ),
        pytest.param("id,name,email\n17,x,Ada@b", handed("x y", email="ada@B", sid="9"), id="the address"),
        pytest.param("id,name,email\n17,x,ada@b", handed("ada@b"), id="a folder by the address"),
        pytest.param("id,name,email\n17,x,ada@b", handed("ada"), id="a folder by the mailbox"),
        pytest.param("id,name\n17,Ada Lovelace", handed("Ada Lovelace", moodle="4"), id="the name"),
        pytest.param('id,name\n17,"Lovelace, Ada"', handed("ada lovelace", moodle="4"), id="the last name first"),
        pytest.param("id,name\n17,Ada King Lovelace", handed("lovelaceadaking", canvas="4"), id="Canvas's name"),
        pytest.param("id,name\n17,Ada King-Lovelace", handed("kinglovelaceada", canvas="4"), id="a double name"),
        pytest.param("id,name\n17,José Núñez", handed("nunezjose", canvas="4"), id="accents"),
        pytest.param("id,name\n17,Jose Nunez", handed("José_Núñez"), id="a folder by the name"),
    ],
)
def test_a_hand_in_is_found_by_what_both_say(tmp_path: Path, columns: str, hand_in: HandIn) -> None:
    result = matched(tmp_path, columns, hand_in, handed("Mallory"))
    assert keys(result.hand_ins) == ["17", "Mallory"]
    student = result.hand_ins[0].student
    assert student.ids == {**hand_in.student.ids, **student.ids}
    assert student.ids["roster"] == "17"
    assert result.hand_ins[0].lay_out(tmp_path) == hand_in.lay_out(tmp_path)
    assert keys(result.unknown) == ["Mallory"]
    assert result.notes == ("Mallory (class/Mallory): not on the roster; graded all the same",)


def test_who_handed_nothing_in_is_listed(tmp_path: Path) -> None:
    result = matched(tmp_path, CLASS, handed("Grace Hopper"))
    assert [student.name for student in result.missing] == ["Ada Lovelace", "Alan Turing"]
    assert (result.unknown, result.notes) == ((), ())


def test_an_address_that_only_the_platform_knows_is_kept(tmp_path: Path) -> None:
    result = matched(tmp_path, "id,name\n17,Ada", handed("Ada", email="ada@b", sid="9"))
    assert result.hand_ins[0].student.email == "ada@b"


@pytest.mark.parametrize(
    ("content", "hand_in"),
    [
        ("id,name\n17,Ada Lovelace\n18,Lovelace Ada", handed("Ada Lovelace")),
        ('id,name\n17,Ada Lovelace\n18,"Lovelace, Ada"', handed("lovelaceada", canvas="5")),
    ],
)
def test_a_name_of_two_is_neithers(tmp_path: Path, content: str, hand_in: HandIn) -> None:
    result = matched(tmp_path, content, hand_in)
    assert (len(result.missing), result.unknown) == (2, result.hand_ins)
    name, source = hand_in.student.name, hand_in.source
    assert result.notes == (f"{name} ({source}): 2 students on the roster are called so; graded all the same",)


@pytest.mark.parametrize(
    ("content", "hand_in"),
    [
        pytest.param("id,name,email\n17,x,\n", handed("", sid="9"), id="nothing is not the same as nothing"),
        pytest.param("id,name,canvas\n501,x,777", handed("lovelaceada", canvas="501"), id="an id is not Canvas's"),
        pytest.param("id,name\n41,x", handed("Ada", moodle="41"), id="an id is not Moodle's"),
        pytest.param("id,name\n17,Ada Lovelace", handed("Ada"), id="a part of a name"),
    ],
)
def test_what_is_not_the_same_is_no_match(tmp_path: Path, content: str, hand_in: HandIn) -> None:
    assert matched(tmp_path, content, hand_in).unknown != ()


def test_a_namesake_does_not_take_the_place_of_who_is_known(tmp_path: Path) -> None:
    content = "id,name,canvas\n17,Ada Lovelace,501\n"
    result = matched(tmp_path, content, handed("lovelaceada", canvas="900"), handed("lovelaceada", canvas="501"))
    assert [hand_in.student.ids["canvas"] for hand_in in result.unknown] == ["900"]
    assert keys(result.hand_ins) == ["17", "lovelaceada"]


def test_of_two_hand_ins_of_one_student_the_newest_counts(tmp_path: Path) -> None:
    older, newer = handed("ada", 9001, sid="17"), handed("Ada Lovelace", 9100, sid="17", gradescope="2")
    result = matched(tmp_path, "id,name\n17,Ada", newer, older)
    assert result.notes == ("Ada has 2 hand-ins: class/Ada Lovelace is the newest and counts, not class/ada",)
    (hand_in,) = result.hand_ins
    assert (hand_in.source, hand_in.student.ids["gradescope"]) == ("class/Ada Lovelace", "2")


def test_of_two_hand_ins_without_a_number_none_counts(tmp_path: Path) -> None:
    result = matched(tmp_path, "id,name\n17,Ada Lovelace", handed("Ada Lovelace"), handed("lovelace-ada"))
    reason = "Ada Lovelace has 2 hand-ins, class/Ada Lovelace and class/lovelace-ada: keep one"
    assert (result.notes, result.missing) == ((reason,), ())
    (hand_in,) = result.hand_ins
    with pytest.raises(SubmissionError, match=re.escape(reason)):
        hand_in.lay_out(tmp_path)


def test_no_unknown_hand_in_has_a_students_key(tmp_path: Path) -> None:
    content = "id,name,canvas\nAda,Ada Lovelace,501\n"
    result = matched(tmp_path, content, handed("ada", canvas="9"))
    (unknown,) = result.unknown
    assert unknown.student.key.startswith("ada-")


@pytest.mark.parametrize(
    ("files", "names", "missing"),
    [
        (MOODLE_FOLDERS, ["Ada Lovelace", "Hopper, Grace", "Participant 43"], ["Alan Turing"]),
        (CANVAS, ["Ada Lovelace", "Hopper, Grace", "Alan Turing", "anon_x7Qp2", "knuthdonald"], []),
        (GRADESCOPE, ["Ada Lovelace", "Hopper, Grace", "Alan Turing", "submission_1003"], []),
        ({**within("17/"), "grace.zip": zipped(), **within("turing_alan/")}, [], []),
    ],
)
def test_the_exports_of_platforms_match(
    tmp_path: Path, files: dict[str, bytes], names: list[str], missing: list[str]
) -> None:
    found = hand_ins([lay(tmp_path / "class", files)], None, tmp_path / "work")
    result = match(listed(tmp_path, CLASS), found.hand_ins)
    expected = names or ["Ada Lovelace", "Hopper, Grace", "Alan Turing"]
    assert [hand_in.student.name for hand_in in result.hand_ins] == expected
    assert [student.name for student in result.missing] == missing
