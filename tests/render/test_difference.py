"""Where two texts part: a caret points at the right cell of the right line."""

import pytest
from rich.cells import cell_len

from grader.render.difference import compare


@pytest.mark.parametrize(
    ("expected", "got", "line", "column"),
    [
        pytest.param("ahoy\n", "ahoy", "ahoy", 4, id="newline missing"),
        pytest.param("a b\n", "a  b\n", "a  b⏎", 2, id="a space too many"),
        pytest.param("x\ty!\n", "x\ty?\n", "x→y?⏎", 3, id="after a tab"),
        pytest.param("日本語!\n", "日本語?\n", "日本語?⏎", 6, id="after wide letters"),
        pytest.param("\x1bab!\n", "\x1bab?\n", "\\x1bab?⏎", 6, id="after an escape"),
        pytest.param("1\n2\n3\n4\n50\n", "1\n2\n3\n4\n51\n", "51⏎", 1, id="after lines left out"),
        pytest.param("a" * 50 + "!", "a" * 50 + "?", "…" + "a" * 17 + "?", 18, id="far to the right"),
        pytest.param("one\ntwo\n", "one two\n", "one two⏎", 3, id="a space for a newline"),
    ],
)
def test_marks(expected, got, line, column):
    difference = compare(expected, got, 20)
    assert difference.marked is not None
    assert (difference.got[difference.marked], difference.column) == (line, column)
    assert difference.words


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        pytest.param("uid other than 0", "uid 0 (root)", id="two descriptions"),
        pytest.param("ahoy\n", "", id="nothing came"),
        pytest.param("200", "404\n\nno such page\n", id="another status"),
    ],
)
def test_marks_nothing(expected, got):
    difference = compare(expected, got, 40)
    assert (difference.marked, difference.words) == (None, "")


def test_a_body_after_a_status_is_no_surplus():
    assert (
        compare("200\nVary: Cookie", "200\nVary: Cookie\n\nahoy\n", 40).words != "nothing more was expected after this"
    )


def test_no_line_is_wider_than_asked_for():
    for got in ("日" * 500, "\x1b" * 500, "a" * 39 + "\n", "\u0301" * 500):
        assert all(cell_len(line) <= 60 for line in compare("a" * 500, got, 20).got)
