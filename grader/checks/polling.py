"""Looks again and again, for what may need a moment to come about: a worker, a line in a log."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
WAIT = 0.02  # seconds between two looks, at first
WAIT_LIMIT = 0.2


def until(look: Callable[[], T], enough: Callable[[T], bool], seconds: float) -> T:
    """What was seen when it was enough, or at the last look, which is taken when `seconds` are over."""
    deadline, wait = time.monotonic() + seconds, WAIT
    while True:
        last = time.monotonic() >= deadline  # asked before the look: what came in time is seen
        seen = look()
        if last or enough(seen):
            return seen
        time.sleep(max(0.0, min(wait, deadline - time.monotonic())))
        wait = min(wait * 1.5, WAIT_LIMIT)
