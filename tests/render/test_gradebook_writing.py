"""How the files of a gradebook come to the disk: each in one step, below the folder, the same every time."""

import pytest

from grader.errors import GraderError, UsageError
from grader.render.gradebook import Options
from grader.render.gradebook.writing import Drawing, put


def test_files_are_written_below_the_folder_and_named(tmp_path):
    written = put(Drawing(files=[("a/b.txt", "ö\r\n"), ("c.txt", "")], notes=("so",)), tmp_path / "out")
    assert written.files == (tmp_path / "out/a/b.txt", tmp_path / "out/c.txt")
    assert written.notes == ("so",)
    assert (tmp_path / "out/a/b.txt").read_bytes() == "ö\r\n".encode()


def test_a_file_is_replaced_and_nothing_else_is_left(tmp_path):
    (tmp_path / "a.txt").write_text("old")
    put(Drawing(files=[("a.txt", "new")]), tmp_path)
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [("a.txt", "new")]


def test_an_error_while_drawing_leaves_the_old_file(tmp_path):
    (tmp_path / "a.txt").write_text("old")
    with pytest.raises(UnicodeEncodeError):
        put(Drawing(files=[("a.txt", "half \udc80")]), tmp_path)
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [("a.txt", "old")]


def test_what_must_not_be_there_is_taken_away(tmp_path):
    (tmp_path / "a.txt").write_text("of last week")
    assert put(Drawing(files=[("a.txt", None), ("b.txt", None)]), tmp_path).files == ()
    assert list(tmp_path.iterdir()) == []


def test_a_link_is_replaced_and_not_followed(tmp_path):
    (tmp_path / "target").write_text("precious")
    for name in ("a.txt", "a.txt.tmp"):
        (tmp_path / name).symlink_to("target")
    put(Drawing(files=[("a.txt", "new")]), tmp_path)
    assert (tmp_path / "target").read_text() == "precious"
    assert (tmp_path / "a.txt").read_text() == "new"


@pytest.mark.parametrize("key", ["..", ".", "", "-rf", ".hidden", "a\nb", "a b", "a\\b", "ö", "C:"])
def test_a_key_that_is_no_file_name_is_refused(tmp_path, key):
    with pytest.raises(ValueError, match="is not fit for a file name"):
        put(Drawing(files=[(f"results/{key}/results.json", "")]), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "a").write_text("a file")
    with pytest.raises(GraderError, match=r"a/b.txt could not be written: .*; write to another folder"):
        put(Drawing(files=[("a/b.txt", "")]), tmp_path)


def test_an_address_that_nobody_could_follow_is_refused():
    with pytest.raises(UsageError, match="'javascript:x' is no address of a course: it starts with https://"):
        Options(book="javascript:x")
