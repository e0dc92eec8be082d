"""The layouts of platforms: who handed in what, out of trees as Moodle, Canvas, Gradescope and Classroom make them."""

import dataclasses
import os
import re
import stat
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from grader.errors import SubmissionError, UsageError
from grader.intake import gradescope, layouts, opening
from grader.intake.keys import safe, unique
from grader.intake.layout import Layout
from grader.intake.layouts import Collected, hand_ins, recognise
from grader.intake.members import CLASS, STUDENT
from grader.intake.platforms import assignment
from tests.conftest import ROOT

from .packing import WORK, lay, tar_gz, tree, zip_entry, zip_of, zipped

KEY = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*")
METADATA_NAME = "submission_metadata.yml"
METADATA = b"""\
---
submission_1001:
  :submitters:
  - :name: Ada Lovelace
    :sid: '2001'
    :email: ada@example.edu
  :created_at: !ruby/object:ActiveSupport::TimeWithZone
    utc: &1 2026-03-01 10:00:00.000000000 Z
    time: *1
  :score: 7.5
  :results: &2
    tests:
    - {name: greets, output: "line\\n:submitters:\\n- :name: Mallory"}
submission_1002:
  :submitters:
  - :name: Grace Hopper
    :sid: '2002'
    :email: grace@example.edu
  - :name: Alan Turing
    :sid:
    :email: alan@example.edu
  :results: *2
submission_1003:
  :submitters: []
"""


def within(prefix: str, files: Mapping[str, bytes] = WORK) -> dict[str, bytes]:
    return {f"{prefix}{name}": content for name, content in files.items()}


MOODLE_FOLDERS = {
    **within("Ada Lovelace_41_assignsubmission_file/"),
    "Ada Lovelace_41_assignsubmission_onlinetext/onlinetext.html": b"<p>Done.</p>",
    "Grace Hopper_42_assignsubmission_file_/hello.zip": zipped(within("hello/")),
    "Participant 43_43_assignsubmission_file/hello.tar.gz": tar_gz(),
}
MOODLE_FLAT = {
    "Ada Lovelace_41_assignsubmission_file_app.zip": zipped(),
    **within("Grace Hopper_42_assignsubmission_file_", {"Dockerfile": WORK["Dockerfile"], "app.py": WORK["app.py"]}),
}
CANVAS = {
    "lovelaceada_501_9001_hello.zip": zipped(within("hello/")),
    "hoppergrace_LATE_502_9002_hello-1.zip": zipped({**WORK, "__MACOSX/._app.py": b""}),
    "turingalan_503_9003_Dockerfile-1": WORK["Dockerfile"],
    "turingalan_503_9004_app-2.py": WORK["app.py"],
    "anon_x7Qp2_9005_app.tar.gz": tar_gz(),
    "knuthdonald_505_text.html": b"<p>I could not upload it.</p>",
}
GRADESCOPE = {
    "submission_metadata.yml": METADATA,
    **within("submission_1001/"),
    **within("submission_1002/hello/"),
    "submission_1003/app.zip": zipped(),
}
DOWNLOAD = {**within("hello-03-01-2026-10-11-12/ada-l/"), **within("hello-03-01-2026-10-11-12/grace/")}
CLONES = {
    name: content
    for login in ("ada-l", "ada-m", "grace")
    for name, content in (within(f"hello-flask-{login}/") | {f"hello-flask-{login}/.git/config": b"[core]\n"}).items()
}
PLAIN = {**within("ada/"), "bob.zip": zipped(), "carl.tar.gz": tar_gz(within("carl/")), "dora/dora.zip": zipped()}


def collected(*paths: Path, layout: Layout | None = None) -> Collected:
    return hand_ins(paths, layout, paths[0].parent / "work")


def laid(found: Collected, tmp_path: Path) -> dict[str, dict[str, bytes] | str]:
    """What each student's hand-in comes to, by their keys: the files, or why it is refused."""
    result: dict[str, dict[str, bytes] | str] = {}
    for hand_in in found.hand_ins:
        into = tmp_path / "laid" / hand_in.student.key
        into.mkdir(parents=True)
        try:
            folder = hand_in.lay_out(into)
            result[hand_in.student.key] = {name: data for name, data in tree(folder).items() if ".git/" not in name}
        except SubmissionError as error:
            result[hand_in.student.key] = str(error)
    return result


def forms(files: Mapping[str, bytes], tmp_path: Path, name: str = "class") -> list[Path]:
    """The same class as a folder, a wrapped folder, a zip, a tar.gz, and a zip with a folder around."""
    folder = lay(tmp_path / "folder" / name, files)
    lay(tmp_path / "wrapped" / "around", within(f"{name}/", files))
    made = {
        f"{name}.zip": zipped(files),
        f"{name}.tar.gz": tar_gz(files),
        f"around-{name}.zip": zipped(within(f"{name}/", files)),
    }
    lay(tmp_path, made)
    return [folder, tmp_path / "wrapped" / "around", *(tmp_path / each for each in made)]


@pytest.mark.parametrize("form", range(5), ids=["folder", "wrapped", "zip", "tar.gz", "wrapped zip"])
@pytest.mark.parametrize(
    ("files", "name", "layout", "words", "students"),
    [
        pytest.param(
            MOODLE_FOLDERS,
            "class",
            Layout.MOODLE,
            "Moodle, by 4 of 4 names, such as Ada Lovelace_41_assignsubmission_file: 3 students",
            {"Ada-Lovelace-41": WORK, "Grace-Hopper-42": WORK, "Participant-43-43": WORK},
            id="Moodle",
        ),
        pytest.param(
            MOODLE_FLAT,
            "class",
            Layout.MOODLE,
            "Moodle, by 3 of 3 names, such as Ada Lovelace_41_assignsubmission_file_app.zip: 2 students",
            {
                "Ada-Lovelace-41": WORK,
                "Grace-Hopper-42": {name: WORK[name] for name in ("Dockerfile", "app.py")},
            },
            id="Moodle, flat",
        ),
        pytest.param(
            CANVAS,
            "class",
            Layout.CANVAS,
            "Canvas, by 6 of 6 names, such as anon_x7Qp2_9005_app.tar.gz: 5 students",
            {
                "anon_x7Qp2": WORK,
                "hoppergrace-502": WORK,
                "knuthdonald-505": {"text.html": b"<p>I could not upload it.</p>"},
                "lovelaceada-501": WORK,
                "turingalan-503": {name: WORK[name] for name in ("Dockerfile", "app.py")},
            },
            id="Canvas",
        ),
        pytest.param(
            GRADESCOPE,
            "assignment_77_export",
            Layout.GRADESCOPE,
            "Gradescope, by submission_metadata.yml: 4 students",
            {
                "Ada-Lovelace-2001": WORK,
                "Alan-Turing-alan-example.edu": WORK,
                "Grace-Hopper-2002": WORK,
                "submission_1003": WORK,
            },
            id="Gradescope",
        ),
        pytest.param(
            {name.partition("/")[2]: content for name, content in DOWNLOAD.items()},
            "hello-03-01-2026-10-11-12",
            Layout.CLASSROOM,
            "GitHub Classroom, by the folder's name, hello-03-01-2026-10-11-12: 2 students",
            {"ada-l": WORK, "grace": WORK},
            id="Classroom's download",
        ),
        pytest.param(
            CLONES,
            "hello-flask-submissions",
            Layout.CLASSROOM,
            "GitHub Classroom, by the folder's name, hello-flask-submissions: 3 students",
            {"ada-l": WORK, "ada-m": WORK, "grace": WORK},
            id="Classroom's clones",
        ),
        pytest.param(
            PLAIN,
            "class",
            Layout.PLAIN,
            "a folder or an archive for each student, no platform's names: 4 students",
            {"ada": WORK, "bob": WORK, "carl": WORK, "dora": WORK},
            id="plain",
        ),
    ],
)
def test_each_student_has_their_files(
    tmp_path: Path,
    form: int,
    files: Mapping[str, bytes],
    name: str,
    layout: Layout,
    words: str,
    students: Mapping[str, object],
) -> None:
    path = forms(files, tmp_path, name)[form]
    found = collected(path)
    assert (found.layout, found.words) == (layout, words)
    assert laid(found, tmp_path) == students
    assert all(hand_in.source.startswith(str(path)) for hand_in in found.hand_ins)
    again = collected(path)
    assert [hand_in.student for hand_in in again.hand_ins] == [hand_in.student for hand_in in found.hand_ins]


def test_clones_are_recognised_by_what_their_names_begin_with(tmp_path: Path) -> None:
    found = collected(lay(tmp_path / "class", CLONES))
    assert found.words == "GitHub Classroom, by 3 clones whose names begin with hello-flask-: 3 students"
    assert [hand_in.student.ids["login"] for hand_in in found.hand_ins] == ["ada-l", "ada-m", "grace"]


@pytest.mark.parametrize(
    ("names", "prefix"),
    [
        (["hello-ada", "hello-ada-l"], "hello-"),
        (["hello-ada"], ""),
        (["ada", "grace"], ""),
        (["helloada", "hellograce"], ""),
    ],
)
def test_a_login_is_at_least_one_word(tmp_path: Path, names: list[str], prefix: str) -> None:
    assert assignment([tmp_path / name for name in names]) == prefix


def test_what_platforms_know_is_kept(tmp_path: Path) -> None:
    canvas = {hand_in.student.name: hand_in for hand_in in collected(lay(tmp_path / "canvas", CANVAS)).hand_ins}
    assert canvas["hoppergrace"].student.ids == {"canvas": "502"}
    assert {name for name, hand_in in canvas.items() if hand_in.late} == {"hoppergrace"}
    assert canvas["turingalan"].number == 9004
    moodle = collected(lay(tmp_path / "moodle", MOODLE_FOLDERS)).hand_ins[0].student
    assert (moodle.name, moodle.ids) == ("Ada Lovelace", {"moodle": "41"})
    gradescope = collected(lay(tmp_path / "gradescope", GRADESCOPE))
    ada, alan, *_ = (hand_in.student for hand_in in gradescope.hand_ins)
    assert (ada.name, ada.email, ada.ids) == ("Ada Lovelace", "ada@example.edu", {"gradescope": "1001", "sid": "2001"})
    assert (alan.name, alan.email, alan.ids) == ("Alan Turing", "alan@example.edu", {"gradescope": "1002"})
    assert gradescope.notes == ("submission_1002 was handed in by 2 together: each gets its grade",)


def test_canvas_numbers_that_tell_two_files_apart_are_kept(tmp_path: Path) -> None:
    files = {f"lovelaceada_501_{number}_page-{number}.html": b"" for number in (1, 2)}
    assert laid(collected(lay(tmp_path / "class", files)), tmp_path) == {
        "lovelaceada-501": {"page-1.html": b"", "page-2.html": b""}
    }


def test_what_is_no_students_is_left_aside_and_said(tmp_path: Path) -> None:
    files = {**MOODLE_FLAT, "late.zip": zipped(), **dict.fromkeys(("a.csv", "b.csv", "c.csv", "d.csv"), b"")}
    found = collected(lay(tmp_path / "class", {**files, "grade\x1b.txt": b""}), layout=Layout.MOODLE)
    assert found.words == "Moodle, as asked: 3 students"
    assert found.notes == ("left aside, no student's: a.csv, b.csv, c.csv and 2 more",)
    assert laid(found, tmp_path)["late"] == WORK


@pytest.mark.parametrize(
    ("layout", "message"),
    [
        (Layout.MOODLE, "no name is Moodle's, such as Ada Lovelace_12345_assignsubmission_file"),
        (Layout.CANVAS, "no name is Canvas's, such as lovelaceada_12345_67890_app.zip"),
        (Layout.GRADESCOPE, "no name is Gradescope's, such as submission_12345"),
    ],
)
def test_a_layout_can_be_forced_where_it_is_there(tmp_path: Path, layout: Layout, message: str) -> None:
    path = lay(tmp_path / "class", PLAIN)
    with pytest.raises(UsageError) as error:
        collected(path, layout=layout)
    assert str(error.value) == f"{path}: {message}: name another layout, or none"
    lay(tmp_path / "zips", {"ada.zip": zipped()})
    with pytest.raises(UsageError, match=r"no name is GitHub Classroom's, such as hello-ada: name another"):
        collected(tmp_path / "zips", layout=Layout.CLASSROOM)
    assert collected(lay(tmp_path / "canvas", CANVAS), layout=Layout.PLAIN).words.startswith("a folder or an archive")


def test_several_paths_are_a_hand_in_each(tmp_path: Path) -> None:
    folder = lay(tmp_path / "class", PLAIN)
    found = collected(*sorted(folder.iterdir()))
    assert laid(found, tmp_path) == {"ada": WORK, "bob": WORK, "carl": WORK, "dora": WORK}
    found = collected(*sorted(lay(tmp_path / "canvas", CANVAS).iterdir()))
    assert (found.layout, len(found.hand_ins)) == (Layout.CANVAS, 5)


def test_several_folders_of_a_platform_are_a_class_each(tmp_path: Path) -> None:
    first, second = lay(tmp_path / "a", CANVAS), lay(tmp_path / "b", {"hamiltonmargaret_506_9006_app.zip": zipped()})
    found = collected(first, second)
    assert [hand_in.student.name for hand_in in found.hand_ins][1] == "hamiltonmargaret"
    assert len(found.hand_ins) == 6
    with pytest.raises(UsageError, match=r"canvas and .*moodle are of different platforms: grade one after the other"):
        collected(lay(tmp_path / "canvas", CANVAS), lay(tmp_path / "moodle", MOODLE_FLAT))


def test_a_folder_of_several_that_cannot_be_listed_is_one_students(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = lay(tmp_path / "class", {**within("ada/"), **within("bob/")})

    def denied(folder: Path) -> list[Path]:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(layouts, "entries", denied)
    assert len(collected(folder / "ada", folder / "bob").hand_ins) == 2


def test_of_two_hand_ins_the_newest_counts(tmp_path: Path) -> None:
    first = lay(tmp_path / "a", {"lovelaceada_501_9001_app.zip": zipped()})
    second = lay(tmp_path / "b", {"lovelaceada_501_9100_app.zip": zipped({"Dockerfile": b"newer"})})
    found = collected(second, first)
    old, new = first / "lovelaceada_501_9001_app.zip", second / "lovelaceada_501_9100_app.zip"
    assert found.notes == (f"lovelaceada has 2 hand-ins: {new} is the newest and counts, not {old}",)
    assert laid(found, tmp_path) == {"lovelaceada-501": {"Dockerfile": b"newer"}}


def test_where_no_number_tells_which_counts_both_are_refused(tmp_path: Path) -> None:
    first, second = lay(tmp_path / "a" / "ada", WORK), lay(tmp_path / "b" / "ada", WORK)
    found = collected(second, first)
    reason = f"ada has 2 hand-ins, {first} and {second}: keep one"
    assert (found.notes, laid(found, tmp_path)) == ((reason,), {"ada": reason})
    path = lay(tmp_path / "class", {"ada/Dockerfile": b"", "ada.zip": zipped()})
    assert collected(path).notes == (f"ada has 2 hand-ins, {path / 'ada'} and {path / 'ada.zip'}: keep one",)


def test_of_a_class_only_those_are_refused_whose_files_are(tmp_path: Path) -> None:
    link = stat.S_IFLNK | 0o777
    entries = [
        *((zip_entry(f"ada/{name}"), content) for name, content in WORK.items()),
        (zip_entry("bob/hello/app.py", link), b"/etc/passwd"),
        (zip_entry("carl.zip"), zipped({"zeros": bytes(20_000_000), **WORK})),
        (zip_entry("dora.zip", link), b"/etc/passwd"),
        (zip_entry("eve/../../../evil.py"), b""),
        (zip_entry("../evil.py"), b""),
        (zip_entry("fred/a"), b""),
        (zip_entry("fred/A"), b""),
        (zip_entry("fred/A/b", link), b""),
    ]
    path = tmp_path / "class.zip"
    path.write_bytes(zip_of(*entries))
    found = collected(path)
    assert laid(found, tmp_path) == {
        "ada": WORK,
        "bob": f"{path}/bob: bob/hello/app.py is a link: hand in the file itself",
        "carl": f"{path}/carl.zip: zeros unpacks to more than 100 times its size: hand in your own work only",
        "dora": f"{path}/dora.zip: dora.zip is a link: hand in the file itself",
        "fred": f"{path}/fred: fred/A and fred/a are one on many systems: rename one",
    }
    advice = "leads out of the folder: pack the folder itself, by its own name"
    assert found.notes == (
        f"{path}: left out: eve/../../../evil.py {advice}",
        f"{path}: left out: ../evil.py {advice}",
    )
    assert sorted(each.name for each in tmp_path.iterdir()) == ["class.zip", "laid", "work"]


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"ada/app.zip": zipped({"../evil": b""})}, "../evil leads out of the folder: "),
        (
            {"ada.zip": zipped({"hello.zip": zipped()})},
            "holds an archive inside the archive: pack the files themselves",
        ),
        ({"ada/a.zip": zipped(), "ada/b.zip": zipped()}, "holds 2 archives, a.zip and b.zip: hand in one"),
        ({"ada.zip": b""}, "it is empty: hand in a zip or a tar.gz"),
        ({"ada.zip": b"<html>"}, "it is no archive: hand in a zip or a tar.gz"),
        ({"ada/app.rar": b"Rar!\x1a\x07\x01\x00"}, "it is packed as RAR: hand in a zip or a tar.gz"),
    ],
)
def test_what_is_no_hand_in_is_refused_with_the_name(tmp_path: Path, files: dict[str, bytes], reason: str) -> None:
    path = lay(tmp_path / "class", {**files, **within("bob/")})
    refusal, work = laid(collected(path), tmp_path).values()
    assert work == WORK
    assert isinstance(refusal, str)
    assert refusal.startswith(f"{path}/ada")
    assert reason in refusal


@pytest.mark.parametrize(
    ("name", "reason"),
    [("..", "leads out of the folder"), ("a\x1bb", "has a character in its name that no file needs: rename it")],
)
def test_a_loose_file_with_a_name_that_is_none_is_refused(tmp_path: Path, name: str, reason: str) -> None:
    path = lay(tmp_path / "class", {f"lovelaceada_501_1_{name}": b"", "lovelaceada_501_2_app.py": b""})
    assert reason in str(laid(collected(path), tmp_path)["lovelaceada-501"])


def test_a_loose_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    path = lay(tmp_path / "class", {"lovelaceada_501_1_film.mp4": b"", "lovelaceada_501_2_app.py": b""})
    os.truncate(path / "lovelaceada_501_1_film.mp4", STUDENT.largest + 1)
    reason = f"{path}/lovelaceada_501_1_film.mp4 and 1 more: film.mp4 is larger than 200 MB: hand in your own work only"
    assert laid(collected(path), tmp_path) == {"lovelaceada-501": reason}


def test_files_beside_an_archive_are_laid_out_with_it(tmp_path: Path) -> None:
    files = {
        "lovelaceada_501_1_hello.zip": zipped(within("hello/")),
        "lovelaceada_501_2_report.pdf": b"%PDF",
        "lovelaceada_501_3_app.py": b"older",
        **within("hopper/", {"notes.txt": b"", "hello.zip": zipped()}),
    }
    found = laid(collected(lay(tmp_path / "class", files)), tmp_path)
    assert found == {"hopper": {**WORK, "notes.txt": b""}, "lovelaceada-501": {**WORK, "report.pdf": b"%PDF"}}


def test_a_folder_that_is_the_work_is_not_copied(tmp_path: Path) -> None:
    files = {**within("ada/"), **within("bob/hello/"), "carl/app.py": b"", "carl/data.zip": zipped(), "carl/a/b": b""}
    path = lay(tmp_path / "class", {**files, "bob/.DS_Store": b"", "bob/.git/config": b""})
    into = tmp_path / "into"
    into.mkdir()
    folders = [hand_in.lay_out(into) for hand_in in collected(path).hand_ins]
    assert folders == [path / "ada", path / "bob" / "hello", path / "carl"]
    assert list(into.iterdir()) == []


def test_no_link_in_a_students_folder_is_followed(tmp_path: Path) -> None:
    path, secret = lay(tmp_path / "class", within("bob/")), lay(tmp_path / "secret", {"app.zip": zipped()})
    for name, target in (("ada", secret), ("carl", secret / "app.zip")):
        (path / name).mkdir()
        (path / name / target.name).symlink_to(target)
    folders = [hand_in.lay_out(tmp_path / "none") for hand_in in collected(path).hand_ins]
    assert folders == [path / "ada", path / "bob", path / "carl"]


@pytest.mark.parametrize("own", ["Dockerfile", "compose.yaml", "docker-compose.yml"])
def test_the_folder_of_one_student_is_no_class(tmp_path: Path, own: str) -> None:
    folder = lay(tmp_path / "ada", {own: b"", "app.py": b""})
    lay(tmp_path, {"ada.zip": zipped({own: b"", "app.py": b""})})
    for path in (folder, tmp_path / "ada.zip"):
        with pytest.raises(UsageError) as error:
            collected(path)
        assert str(error.value) == (
            f"{path} is one student's work: it holds a {own}; name the folder of all students, or grade it alone with"
            " `python -m grader grade`"
        )


@pytest.mark.parametrize(
    ("content", "layout", "names"),
    [
        pytest.param(zipped(CANVAS), Layout.CANVAS, 5, id="a platform's archive of the class"),
        pytest.param(zipped({"ada.zip": zipped(), "grace/Dockerfile": b""}), Layout.PLAIN, 2, id="of every student"),
        pytest.param(zipped(), Layout.PLAIN, 1, id="of one student"),
        pytest.param(zipped(within("hello/")), Layout.PLAIN, 1, id="of one student, wrapped"),
        pytest.param(zipped(within("app/")), Layout.PLAIN, 1, id="of one student, in folders"),
        pytest.param(b"PK\x03\x04 and no more", Layout.PLAIN, 1, id="damaged"),
    ],
)
def test_an_archive_that_lies_alone_in_a_folder_may_be_that_of_the_class(tmp_path, content, layout, names):
    folder = lay(tmp_path / "class", {"submissions.zip": content})
    collected = hand_ins([folder], None, tmp_path / "work")
    assert collected.layout is layout
    assert len(collected.hand_ins) == names
    if names == 1:
        assert collected.hand_ins[0].student.key == "submissions"


@pytest.mark.parametrize("files", [within("ada/"), within("ada/hello/"), {"ada/hello.zip": zipped()}, {"ada/": b""}])
def test_a_class_of_one_is_a_class(tmp_path: Path, files: dict[str, bytes]) -> None:
    found = collected(lay(tmp_path / "class", files))
    assert [hand_in.student.name for hand_in in found.hand_ins] == ["ada"]


def test_a_path_that_is_no_class_says_what_to_name(tmp_path: Path) -> None:
    lay(tmp_path, {"empty/": b"", "notes.txt": b"", "files/notes.txt": b"", "bad.zip": zipped()[:-30]})
    holds = "name the folder that holds what the class handed in"
    for path, message in (
        (tmp_path / "none", f"no folder or archive {tmp_path / 'none'}: {holds}"),
        (tmp_path / "empty", f"{tmp_path / 'empty'} is empty: {holds}"),
        (tmp_path / "notes.txt", "notes.txt is neither a folder nor an archive: name what holds the hand-ins"),
        (tmp_path / "files", f"{tmp_path / 'files'} holds no folder and no archive: {holds}"),
        (tmp_path / "bad.zip", f"{tmp_path / 'bad.zip'}: damaged: zip the folder anew"),
    ):
        with pytest.raises(UsageError) as error:
            collected(path)
        assert message in str(error.value)
    with pytest.raises(UsageError, match=r"no folder or archive .*none: name the folder"):
        collected(tmp_path / "files", tmp_path / "none")
    with pytest.raises(UsageError, match=r"no folder and no archive: name what holds the hand-ins of the class"):
        hand_ins([], None, tmp_path)


def test_a_folder_that_cannot_be_listed_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(folder: Path, most: int) -> list[Path]:
        raise PermissionError(13, "Permission denied")

    path = lay(tmp_path / "class", PLAIN)
    monkeypatch.setattr(opening, "entries", denied)
    with pytest.raises(UsageError, match=r"class cannot be read: Permission denied"):
        collected(path)


def test_more_than_any_class_is_refused_with_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(tmp_path, {"class.zip": zipped(PLAIN)})
    monkeypatch.setattr(opening, "CLASS", dataclasses.replace(CLASS, count=3))
    with pytest.raises(UsageError, match=r"class.zip: holds more than 3 files and folders: grade the class in parts"):
        collected(tmp_path / "class.zip")


def test_a_class_of_thousands_is_whole(tmp_path: Path) -> None:
    files = {f"student{number}_{number}_{number}_Dockerfile": b"" for number in range(2_500)}
    assert len(collected(lay(tmp_path / "class", files)).hand_ins) == 2_500
    lay(tmp_path, {"class.zip": zipped(files)})
    assert len(collected(tmp_path / "class.zip").hand_ins) == 2_500


@pytest.mark.parametrize(
    ("metadata", "message"),
    [
        (b"a: [", ": not YAML: export the assignment from Gradescope anew"),
        (b"\xff\xfe\xfd", ": not YAML: export the assignment from Gradescope anew"),
        (b"a: " + b"[" * 10_000, "not YAML: export the assignment from Gradescope anew"),
    ],
)
def test_a_list_of_gradescopes_that_is_none_says_so(tmp_path: Path, metadata: bytes, message: str) -> None:
    path = lay(tmp_path / "class", {**GRADESCOPE, METADATA_NAME: metadata})
    with pytest.raises(UsageError) as error:
        collected(path)
    assert str(error.value).startswith(str(path / METADATA_NAME))
    assert message in str(error.value)


def test_a_list_of_gradescopes_is_bounded_and_no_link(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = lay(tmp_path / "class", GRADESCOPE)
    monkeypatch.setattr(gradescope, "SIZE_LIMIT", 50)
    with pytest.raises(UsageError, match=r"submission_metadata.yml is larger than 0 MB: export the assignment anew"):
        collected(path)
    (path / METADATA_NAME).unlink()
    (path / METADATA_NAME).symlink_to("/dev/zero")
    with pytest.raises(UsageError, match=r"submission_metadata.yml: cannot be read: "):
        collected(path)


def test_gradescopes_folders_without_a_list_are_known_by_their_numbers(tmp_path: Path) -> None:
    path = lay(tmp_path / "class", {**within("submission_1/"), **within("submission_2/")})
    found = collected(path)
    assert (found.layout, [hand_in.student.key for hand_in in found.hand_ins]) == (
        Layout.GRADESCOPE,
        ["submission_1", "submission_2"],
    )


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Ada Lovelace", "Ada-Lovelace"),
        ("--privileged", "privileged"),
        ("../../etc/passwd", "etc-passwd"),
        (".hidden", "hidden"),
        ("a; rm -rf ~", "a-rm-rf"),
        ("$(id)\n", "id"),
        ("José Núñez", "Jose-Nunez"),
        ("con", "student-con"),
        ("x" * 300, "x" * 60),
        ("李", "student-c16667ca"),
        ("", "student-e3b0c442"),
        ("caf\udce9", "caf"),
    ],
)
def test_a_key_is_fit_for_a_file_name(text: str, key: str) -> None:
    assert safe(text) == key


def test_keys_that_would_be_one_are_told_apart_whatever_their_order(tmp_path: Path) -> None:
    texts = ["Ada", "ada", "Zoë", "Zoe", "bob"]
    keys = dict(zip(texts, unique(texts), strict=True))
    assert len({key.casefold() for key in keys.values()}) == 5
    assert keys["bob"] == "bob"
    assert keys == dict(zip(reversed(texts), unique(list(reversed(texts))), strict=True))
    assert unique(["bob"], taken=["Bob"]) != ["bob"]
    found = collected(lay(tmp_path / "class", {f"{name}/Dockerfile": name.encode() for name in texts}))
    assert sorted(hand_in.student.name for hand_in in found.hand_ins) == sorted(texts)


def test_a_name_that_is_an_option_or_a_command_is_a_name(tmp_path: Path) -> None:
    names = ("--privileged", "; rm -rf ~", "$(id)", "a'\"b")
    found = collected(lay(tmp_path / "class", {f"{name}/Dockerfile": b"" for name in names}))
    assert sorted(hand_in.student.name for hand_in in found.hand_ins) == sorted(names)
    assert all(KEY.fullmatch(hand_in.student.key) for hand_in in found.hand_ins)


def test_nothing_is_recognised_in_nothing() -> None:
    assert recognise([]).layout is Layout.PLAIN


def test_nothing_heavy_is_loaded_before_it_is_needed() -> None:
    heavy = "{'yaml', 'docker', 'requests', 'rich', 'click'}"
    code = f"import sys, grader.intake.layouts; print(sorted({heavy} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("[]\n", "")
