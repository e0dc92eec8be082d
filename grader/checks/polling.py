"""Looks again and again, for what may need a moment to come about: a worker, a line in a log."""

import contextlib
import time
from collections.abc import Callable
from typing import TypeVar

from grader.deadline import Deadline

T = TypeVar("T")
WAIT = 0.02  # seconds between two looks, at first
WAIT_LIMIT = 0.2


def until(look: Callable[[], T], enough: Callable[[T], bool], deadline: Deadline) -> T:
    """What was seen when it was enough, or at the last look, which is taken at the deadline.

    :raises TooBusy: by then, who is looked at was kept from running
    """
    wait = WAIT
    while True:
        last = deadline.is_past  # asked before the look: what came in time is seen
        seen = look()
        if last or enough(seen):
            return seen
        with contextlib.suppress(TimeoutError):
            time.sleep(min(wait, deadline.left()))
        wait = min(wait * 1.5, WAIT_LIMIT)
