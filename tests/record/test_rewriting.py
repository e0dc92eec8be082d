"""What becomes of an output on a page that is no longer what the command prints."""

import subprocess

import pytest

from tests.docs.console import Command
from tests.docs.sample import page
from tests.record.pages import Change, NotRecorded, changed, record
from tests.record.rewriting import rewritten

OUTPUTS = {
    "same": (["a", "b"], ["a", "b"], ["a", "b"]),
    "agrees-though-other": (["Up 2 seconds", "..."], ["Up 5 minutes", "x"], ["Up 2 seconds", "..."]),
    "first-output": ([], ["a", "b"], ["a", "b"]),
    "silence": (["a", "b"], [], []),
    "one-line-changed": (["a", "port 80", "c"], ["a", "port 81", "c"], ["a", "port 81", "c"]),
    "one-line-more": (["a", "c"], ["a", "b", "c"], ["a", "b", "c"]),
    "one-line-less": (["a", "b", "c"], ["a", "c"], ["a", "c"]),
    "author's-ellipsis-kept": (
        ["id ... up", "old greeting"],
        ["id 7 up", "new greeting"],
        ["id ... up", "new greeting"],
    ),
    "any-lines-kept": (
        ["...", "Hello, Ada!", "..."],
        ["x", "y", "Hello, Bob!", "z"],
        ["...", "Hello, Bob!", "..."],
    ),
    "any-lines-before-the-change": (["...", "end: 1"], ["a", "b", "end: 2"], ["...", "end: 2"]),
    "volatile-parts-kept": (
        ["Up 2 seconds", "status: old"],
        ["Up 9 seconds", "status: new"],
        ["Up 2 seconds", "status: new"],
    ),
    "two-ellipses-become-one": (["...", "gone for good", "..."], ["1", "2"], ["..."]),
}


@pytest.mark.parametrize(("shown", "run", "wanted"), OUTPUTS.values(), ids=OUTPUTS)
def test_an_output_is_changed_as_little_as_needed(shown, run, wanted):
    assert list(rewritten(shown, run)) == wanted


def test_long_outputs_are_no_trouble():
    run = [f"line {number}" for number in range(1500)]
    assert list(rewritten(["line 0", "...", "last line of all"], run))[:2] == ["line 0", "..."]


def test_outputs_are_put_where_they_stood():
    text = ".. code-block:: console\n\n   $ one \\\n       --more\n   old\n   $ two\n\nText.\n"
    one = Command(line=3, text="one \\\n    --more", expected=("old",))
    two = Command(line=6, text="two", expected=())

    told = changed(text, [Change(command=one, lines=("new", "", "x")), Change(command=two, lines=("  y",))])

    assert told == (
        ".. code-block:: console\n\n   $ one \\\n       --more\n   new\n\n   x\n   $ two\n     y\n\nText.\n"
    )


@pytest.fixture
def course(tmp_path):
    (tmp_path / "docs").mkdir()
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    return tmp_path / "docs" / "index.rst"


def test_a_page_is_run_and_its_outputs_are_put_right(course):
    course.write_text(page(["$ ship=Beagle"], ["$ echo $ship in port", "Endeavour in port", "$ echo ...", "..."]))

    assert record(course, course.parent) == 1
    assert "   $ echo $ship in port\n   Beagle in port\n   $ echo ...\n   ...\n" in course.read_text()
    assert record(course, course.parent) == 0


def test_a_block_that_is_not_run_is_left_alone(course):
    course.write_text(page([".. console: not run: needs a window", "$ open app", "x"], ["$ echo a", "b"]))

    record(course, course.parent)

    assert "   $ open app\n   x\n" in course.read_text()


@pytest.mark.parametrize(
    ("block", "message"),
    [
        pytest.param(["$ echo broken; false"], "ended with 1, the page says 0", id="exit-code"),
        pytest.param([".. console: timeout 1", "$ sleep 60"], "ran out of time", id="deadline"),
        pytest.param([".. console: exti 1", "$ true"], "unknown remark", id="fault"),
    ],
)
def test_a_page_that_does_not_run_to_its_end_is_left_as_it_is(course, block, message):
    text = page(["$ echo a", "b"], block)
    course.write_text(text)

    with pytest.raises(NotRecorded, match=message):
        record(course, course.parent)

    assert course.read_text() == text
