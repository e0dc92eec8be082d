"""The board: one line an exercise, whatever the width."""

import io

import pytest
from rich.cells import cell_len
from rich.console import Console

from grader.render.board import Board, Row

from .reports import BOARD


def drawn(board, width):
    stream = io.StringIO()
    Console(file=stream, width=width, color_system=None).print(board)
    return stream.getvalue().splitlines()


def test_looks_as_agreed():
    assert drawn(BOARD, 60) == [
        "17 of 32 points, 1 of 3 exercises done",
        ">   01-hello    Containerize hello, world   5/10  █████░░░░░",
        "  ✔ 02-layers   A slow, fat Dockerfile m…  12/12  ██████████",
        "    03-degrees  The degrees API             -/10  ░░░░░░░░░░",
    ]


@pytest.mark.parametrize("width", [30, 40, 60, 80, 120])
def test_each_exercise_takes_one_line(width):
    lines = drawn(BOARD, width)
    assert [line.split()[-1 if width < 50 else -2] for line in lines[-3:]] == ["5/10", "12/12", "-/10"]
    assert all(cell_len(line) <= width for line in lines)


def test_more_than_full_marks_stay_within_the_bar():
    over = Board(rows=(Row(slug="01-hello", title="Hello", max=8, best=10),))
    assert drawn(over, 60)[1].endswith("10/8  ██████████")


@pytest.mark.parametrize(
    ("current", "following"), [("01-hello", "03-degrees"), ("03-degrees", "01-hello"), ("", "01-hello")]
)
def test_the_following_exercise_is_the_first_that_is_not_done(current, following):
    assert Board(rows=BOARD.rows, current=current).following.slug == following
