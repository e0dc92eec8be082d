"""Keeps every core of this machine busy, as somebody else's work would."""

import multiprocessing
import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def busy_machine(others: int = 1) -> Iterator[None]:
    """Each core is wanted by so many others."""
    burners = [multiprocessing.Process(target=_burn, daemon=True) for _ in range(others * (os.cpu_count() or 1))]
    for burner in burners:
        burner.start()
    try:
        yield
    finally:
        for burner in burners:
            burner.kill()
            burner.join()


def _burn() -> None:
    os.setsid()  # or the kernel would count all of them, and who started them, as one
    while True:
        pass
