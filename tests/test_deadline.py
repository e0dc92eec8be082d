"""A deadline moves on while the other side is held up, and ends where it is not; too busy a machine tells nothing."""

import pytest

from grader import deadline as module
from grader.deadline import BUSY, STEP, Deadline
from grader.errors import PassingFault


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time, to be set."""
    now = [100.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    return now


def test_what_is_left(clock: list[float]) -> None:
    deadline = Deadline(5.0)
    clock[0] += 2.0
    assert deadline.left() == 3.0
    assert not deadline.is_past
    clock[0] += 3.0
    assert deadline.is_past
    with pytest.raises(TimeoutError):
        deadline.left()


def test_nobody_is_asked_before_it_is_due(clock: list[float]) -> None:
    assert Deadline(5.0, held_up=lambda: pytest.fail("asked")).left() == 5.0


@pytest.mark.parametrize(
    ("spent", "held", "left"),
    [(6.0, 4.0, 3.0), (9.0, 4.01, STEP), (15.0, 14.0, 4.0)],
    ids=["held up", "held up a moment more", "nearly too long"],
)
def test_who_is_held_up_has_the_time_back(clock: list[float], spent: float, held: float, left: float) -> None:
    deadline = Deadline(5.0, held_up=lambda: held)
    clock[0] += spent
    assert deadline.left() == pytest.approx(left)


def test_who_was_held_up_less_than_that_is_late(clock: list[float]) -> None:
    deadline = Deadline(5.0, held_up=lambda: 0.9)
    clock[0] += 6.0
    assert deadline.is_past


def test_it_may_be_given_what_it_lacks(clock: list[float]) -> None:
    deadline = Deadline(5.0, held_up=lambda: 1.0)
    deadline.give(4.0)
    assert deadline.left() == 5.0
    clock[0] += 5.5
    deadline.give(3.0)
    assert deadline.left() == 2.0  # of which it was held up for one
    clock[0] += 2.5
    assert deadline.left() == pytest.approx(0.5)


def test_without_any_time_it_is_past_at_once(clock: list[float]) -> None:
    assert Deadline(0.0).is_past


def test_on_a_machine_that_is_too_busy_nothing_is_told(clock: list[float]) -> None:
    deadline = Deadline(5.0, held_up=lambda: 15.0)
    clock[0] += 16.0
    with pytest.raises(PassingFault, match=BUSY):
        deadline.left()
    with pytest.raises(PassingFault, match=BUSY):
        _ = deadline.is_past
