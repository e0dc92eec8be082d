"""A time limit whose clock stands still while the other side is kept from running: the machine is not judged."""

import time
from collections.abc import Callable

from grader.errors import TooBusy

BUSY = "this machine is too busy: the submission was ready to run and had to wait; grade again when less is running"
MOST = 3.0  # times the limit: who was held up for longer is not waited for
STEP = 0.05  # seconds at least from one look to the next, where more time was given


def never() -> float:
    return 0.0


class Deadline:
    """A point in time, so many seconds from now; it moves on by as much as `held_up` says.

    :param seconds: the limit, as a student is told it
    :param held_up: seconds since now in which the other side was ready to run and had to wait
    """

    def __init__(self, seconds: float, held_up: Callable[[], float] = never) -> None:
        self.seconds, self.held_up, self._ends = seconds, held_up, time.monotonic() + seconds

    def left(self) -> float:
        """Seconds until then, always more than 0, which a socket takes for an order not to wait at all.

        :raises TimeoutError: it is past
        :raises TooBusy: the other side was held up for so long that nothing can be told
        """
        left = self._ends - time.monotonic()
        if left > 0:
            return left
        held_up = self.held_up()
        if held_up >= MOST * self.seconds > 0:
            raise TooBusy(BUSY)
        if left + held_up <= 0:
            raise TimeoutError
        return max(left + held_up, STEP)

    def give(self, seconds: float) -> None:
        """See that it is no nearer than so many seconds from now."""
        self._ends = max(self._ends, time.monotonic() + seconds - self.held_up())

    @property
    def is_past(self) -> bool:
        """Whether it is past; raises as `left` does where nothing can be told."""
        try:
            self.left()
        except TimeoutError:
            return True
        return False
