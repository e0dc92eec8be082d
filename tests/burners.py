"""Keeps every core of this machine busy, as somebody else's work would."""

import multiprocessing
import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def busy_machine(others: int = 1, *, apart: bool = False) -> Iterator[None]:
    """Each core is wanted by so many others.

    :param apart: each in a session of its own, which the kernel may give as much as all of ours together
    """
    count = others * (os.cpu_count() or 1)
    burners = [multiprocessing.Process(target=_burn, args=(apart,), daemon=True) for _ in range(count)]
    for burner in burners:
        burner.start()
    try:
        yield
    finally:
        for burner in burners:
            burner.kill()
            burner.join()


def _burn(apart: bool) -> None:
    if apart:
        os.setsid()
    while True:
        pass
