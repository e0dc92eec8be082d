"""The text report, to the letter: golden/<case>-<width>.txt is what a terminal shows."""

import dataclasses
import io
import unicodedata
from pathlib import Path

import msgspec
import pytest
from rich.cells import cell_len
from rich.console import Console

from grader.render import FORMATS
from grader.render.board import Board
from grader.render.text import render

from . import reports

GOLDEN = Path(__file__).parent / "golden"


def shown(report, *, width=80, board=reports.BOARD, book=None, **options) -> str:
    options = {"color_system": None} | options
    stream = io.StringIO()
    render(report, board, Console(file=stream, width=width, **options), book=book)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("case", "width"),
    [*((case, 80) for case in reports.CASES), ("failures", 60), ("unreachable", 40), ("failures", 120)],
)
def test_looks_as_agreed(case, width):
    golden = GOLDEN / f"{case}-{width}.txt"
    assert shown(reports.CASES[case], width=width) == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("case", reports.CASES)
@pytest.mark.parametrize("width", [60, 80, 120])
def test_only_what_is_copied_is_wider_than_the_terminal(case, width):
    for line in shown(reports.CASES[case], width=width).splitlines():
        copied = line.startswith(("    asked ", "    look ", "    learn ", "    make ", "    cd ", "    docker "))
        assert copied or cell_len(line) <= width, line
        assert line == line.rstrip()


def test_a_long_command_stays_one_line():
    url = "http://127.0.0.1:5000/" + "a" * 300
    text = shown(reports.report(reports.failed("long", "1", "2", asked=f"curl -i {url}")))
    assert f"    asked     curl -i {url}\n" in text


def test_color_adds_nothing_but_color():
    colored = Console(file=io.StringIO(), width=80, force_terminal=True, color_system="standard", record=True)
    render(reports.FAILURES, reports.BOARD, colored)
    assert "\x1b[" in colored.file.getvalue()
    assert colored.export_text() == shown(reports.FAILURES).replace("`", "")


def test_code_is_colored_in_place_of_its_backquotes():
    colored = Console(file=io.StringIO(), width=80, force_terminal=True, color_system="standard")
    render(reports.FAILURES, reports.BOARD, colored)
    assert "function in \x1b[36mapp.py\x1b[0m, with" in colored.file.getvalue()


def test_backquotes_stay_where_colors_are_not_wanted(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    assert "function in `app.py`, with" in shown(reports.FAILURES, force_terminal=True, color_system="standard")


def test_a_lone_backquote_stays():
    hint = "End it with ` and not with `x`."
    text = shown(reports.report(reports.failed("odd", "", "", hint=hint)), color_system="standard", no_color=True)
    assert hint in text


@pytest.mark.parametrize(
    ("case", "commands"),
    [
        ("failures", ["cd exercises/01-hello", reports.BUILD, reports.RUN, "docker rm -f 01-hello"]),
        ("unbuilt", ["cd '../my work/hello'", reports.BUILD]),
        ("incomplete", []),
        ("error", []),
        ("full", []),
    ],
)
def test_how_to_look_for_oneself_is_told_once(case, commands):
    text = shown(reports.CASES[case])
    block = text.partition("To look for yourself:\n")[2].partition("\n\n")[0]
    assert [line.strip().removeprefix("and afterwards: ") for line in block.splitlines()] == commands
    assert text.count("look for yourself") == bool(commands)


def test_a_cause_is_told_in_full_once():
    text = shown(reports.CRASHES)
    assert text.count(reports.CRASHED.mend) == text.count("ZeroDivisionError") == 1
    assert text.count(f"same cause as above: {reports.HELLO}\n") == 1
    assert text.count("why ") == 3


@pytest.mark.parametrize("colored", [True, False], ids=["color", "plain"])
def test_nothing_hostile_reaches_the_terminal(colored):
    options = {"color_system": "truecolor", "force_terminal": True, "record": True} if colored else {}
    stream = io.StringIO()
    console = Console(**{"file": stream, "width": 80, "color_system": None} | options)
    render(reports.HOSTILE, reports.BOARD, console)
    text = console.export_text() if colored else stream.getvalue()
    unsafe = {character for character in text if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp")}
    assert unsafe == {"\n"}
    # Of the sequences that are sent, each one sets colors and nothing else.
    assert all(part.split("m")[0].replace(";", "").isdigit() for part in stream.getvalue().split("\x1b[")[1:])
    assert "]8;" not in stream.getvalue().replace("\\x1b]8;", "")
    assert "[red]world[/red]" in text
    assert len(text) < 8_000


def test_the_page_of_the_built_course_is_named(tmp_path):
    page, mistakes = tmp_path / "01-hello" / "index.html", tmp_path / "mistakes.html"
    page.parent.mkdir()
    page.touch()
    mistakes.touch()
    assert f"    learn     {mistakes.as_posix()}#loopback\n" in shown(reports.UNREACHABLE, book=tmp_path)
    assert f"    learn     {page.as_posix()}\n" in shown(reports.FAILURES, book=tmp_path)
    assert "read docs/03-degrees, then:" in shown(reports.FULL, book=tmp_path)


def test_full_marks_in_everything_end_the_course():
    done = Board(rows=tuple(dataclasses.replace(row, best=row.max) for row in reports.BOARD.rows), current="01-hello")
    assert "Full marks, and every exercise is done: well sailed!" in shown(reports.FULL, board=done)


def test_full_marks_for_another_s_work_do_not_end_the_course():
    text = shown(reports.FULL, board=Board(rows=reports.BOARD.rows[:2], current="01-hello"))
    assert "Full marks!\n" in text


def test_without_a_board_the_report_stands_alone():
    text = shown(reports.FULL, board=Board(rows=()))
    assert "Full marks!\n" in text
    assert "exercises done" not in text


def test_in_place_of_the_board_stands_why_there_is_none():
    text = shown(reports.FULL, board=Board(rows=(), note="not recorded: \x1b[2J"))
    assert text.endswith("\nnot recorded: \\x1b[2J\n")


def test_a_stage_that_failed_only_the_second_time_is_told_so():
    text = shown(reports.report(reports.STARTED, reports.skipped("stop", "Stops", 1, "start")))
    assert "1 check was skipped because this did not work a second time: The container" in text


def test_a_blocker_that_is_not_in_the_report_is_named_by_its_id():
    text = shown(reports.report(reports.skipped("stop", "Stops", 1, "gone")))
    assert "1 check was skipped because this failed: gone" in text


def test_an_error_is_never_a_zero():
    error = msgspec.structs.replace(reports.ERROR.results[1], max_points=3)
    text = shown(reports.report(error))
    assert "! error  -/3" in text
    assert "No score" in text
    assert " points\nNext" not in text


def test_without_make_the_commands_are_python_s(monkeypatch):
    monkeypatch.setattr("sys.platform", "win32")
    assert "    python -m grader grade 01-hello\n" in shown(reports.FAILURES)
    assert "Next: run python -m grader doctor," in shown(reports.ERROR)


def test_the_text_format_writes_the_same():
    stream = io.StringIO()
    FORMATS["text"](reports.FULL, reports.BOARD, stream)
    assert stream.getvalue() == shown(reports.FULL)


def test_an_encoding_without_the_marks_does_not_end_the_report():
    stream = io.TextIOWrapper(io.BytesIO(), encoding="cp1252", newline="")
    FORMATS["text"](reports.FULL, reports.BOARD, stream)
    stream.flush()
    assert rb"\u2714 pass" in stream.buffer.getvalue()
