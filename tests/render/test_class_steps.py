"""What is shown while a class is graded: a bar on a terminal, quiet lines elsewhere; and what is told at the end."""

import io

import pytest
from rich.console import Console

from grader.intake.handed import Student
from grader.render import class_steps
from grader.render.class_steps import Board, Counts
from grader.render.class_steps import class_steps as shown
from grader.render.class_summary import summary
from grader.report import Outcome

from .gradebooks import CLASS, EMPTY, FULL, UNKNOWN

ADA = (Student(key="ada", name="Ada\x1b[31m"),)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The monotonic clock's reading, as the one item of a list."""
    now = [100.0]
    monkeypatch.setattr(class_steps.time, "monotonic", lambda: now[0])
    return now


def test_elsewhere_lines_are_few_and_plain(clock: list[float]) -> None:
    stream = io.StringIO()
    with shown(stream) as display:
        display.say("Moodle, by 3 of 3 names\x1b[2J")
        display.begin(3)
        display.stage("grading_0", "building")
        display.graded(ADA, FULL, again=False)
        clock[0] += 2
        display.graded(ADA, UNKNOWN, again=True)
        clock[0] += 20
        display.graded(ADA, FULL, again=False)
        display.graded(ADA, FULL, again=False)
    assert stream.getvalue().splitlines() == [
        "Moodle, by 3 of 3 names\\x1b[2J",
        "grading 3 submissions",
        "could not be told: Ada\\x1b[31m: the engine did not answer within 30 s: why; tried again at the end",
        "2 of 3: 2 full marks, 22 s each, 22 s left",
        "3 of 3: 3 full marks, 11 s each, 0 s left",
    ]


def test_a_terminal_gets_a_bar_counts_and_what_each_worker_does(clock: list[float]) -> None:
    stream = Terminal()
    board = Board(Console(file=stream, width=60, color_system=None, force_terminal=True))
    board.begin(3)
    board.stage("grading_0", "building: docker build -t 01-hello .")
    board.stage("grading_1", "")
    clock[0] += 4
    board.graded(ADA, FULL, again=False)
    out = io.StringIO()
    Console(file=out, width=60, color_system=None).print(board.render())
    bar, counts, worker = out.getvalue().splitlines()
    assert bar.startswith("grading")
    assert "1/3" in bar
    assert counts == "1 full marks"
    assert worker == "4 s building: docker build -t 01-hello ."


def test_on_a_terminal_nothing_of_the_bar_is_left_and_what_was_said_stays() -> None:
    stream = Terminal()
    with shown(stream) as display:
        display.begin(1)
        display.say("refused: Ada: a bomb")
        display.graded(ADA, UNKNOWN, again=False)
    assert "refused: Ada: a bomb" in stream.getvalue()
    assert "could not be told: Ada\\x1b[31m: " in stream.getvalue()


def test_a_reader_who_has_gone_stops_nothing() -> None:
    class Gone(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError

    with shown(Gone()) as display:
        display.begin(1)
        display.graded(ADA, FULL, again=False)


@pytest.mark.parametrize(
    ("ended", "words"),
    [
        pytest.param([], "", id="nothing yet"),
        pytest.param([0.0, 0.5, 1.0], "3 full marks, 2.0 a second, 48 s left", id="fast"),
        pytest.param([0.0, 50.0, 100.0], "3 full marks, 50 s each, 1 h 20 min left", id="slow"),
        pytest.param([0.0, 2.0, 4.0], "3 full marks, 2 s each, 3 min 14 s left", id="minutes"),
    ],
)
def test_rate_and_time_left(ended: list[float], words: str) -> None:
    counts = Counts(total=100, ended=ended)
    counts.outcomes[Outcome.PASS] = len(ended)
    assert counts.words == words


def test_the_end_names_counts_causes_who_needs_a_look_and_the_files(tmp_path) -> None:
    stream = io.StringIO()
    files = [[tmp_path / "report.html"], [tmp_path / "feedback" / f"{name}.html" for name in "ab"], []]
    Console(file=stream, width=200, color_system=None).print(summary(CLASS, tmp_path, files))
    told = stream.getvalue()
    assert told.startswith("01-hello: ")
    for line in ("handed nothing in", "refused, and have no score", "most frequent causes:", "to look at:"):
        assert line in told
    assert f"written: {tmp_path / 'report.html'}\nwritten: {tmp_path / 'feedback'}/ (2 files)\n" in told
    assert "\x1b" not in told


def test_a_class_of_nobody_ends_as_well(tmp_path) -> None:
    stream = io.StringIO()
    Console(file=stream, width=80, color_system=None).print(summary(EMPTY, tmp_path, []))
    assert stream.getvalue().startswith("01-hello: ")
