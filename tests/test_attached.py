"""What a program prints is read to its end, or to a deadline that waits for who is held up."""

import socket
import threading

from grader.deadline import Deadline
from grader.engine.attached import HEADER, STDERR, read


def said_after(seconds: float, deadline: Deadline):
    """What is read of a program that says one word on each stream after so many seconds, and ends."""
    ours, its = socket.socketpair()

    def say() -> None:
        its.sendall(HEADER.pack(1, 4) + b"well" + HEADER.pack(STDERR, 3) + b"bad")
        its.close()

    timer = threading.Timer(seconds, say)
    timer.start()
    with ours:
        said = read(ours, limit=100, deadline=deadline)
        timer.join()
    return said


def test_both_streams_are_read_to_their_end() -> None:
    said = said_after(0.0, Deadline(5.0))
    assert (said.stdout, said.stderr, said.late, said.cut) == (b"well", b"bad", False, False)


def test_who_says_nothing_in_time_is_late() -> None:
    said = said_after(0.3, Deadline(0.05))
    assert (said.stdout, said.late) == (b"", True)


def test_who_is_held_up_has_the_time_back() -> None:
    said = said_after(0.3, Deadline(0.25, held_up=lambda: 0.7))
    assert (said.stdout, said.late) == (b"well", False)
