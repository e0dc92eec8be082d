"""Keeps room for the engine while a class is graded: a budget for the build cache, and a mark to wait below."""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass

from grader.engine import Engine
from grader.engine.disk import free, trim_build_cache
from grader.errors import EngineFault

LOW = 2_000_000_000  # bytes free: below, no grading begins; a grading under way calls the disk full at a quarter of it
CACHE = 5_000_000_000  # bytes of the build cache that are kept
EVERY = 25  # gradings between two looks at the cache


@dataclass(kw_only=True)
class Space:
    """What is left where the engine keeps its data."""

    engine: Engine
    low: int = LOW
    cache: int = CACHE
    look: Callable[[Engine], int | None] = free
    _begun: int = 0

    def shortage(self, *, idle: bool) -> str:
        """One line where there is no room for another grading; nothing where there is, or where we cannot look.

        :param idle: nothing is under way: what the gradings made is gone, and the build cache is all that can go
        """
        with contextlib.suppress(EngineFault):  # an engine that is gone is found out elsewhere
            left = self.look(self.engine)
            if left is None or left >= self.low:
                return ""
            if idle:
                trim_build_cache(self.engine, 0)
                left = self.look(self.engine) or 0
            if left < self.low:
                return (
                    f"{left / 1e9:.1f} GB are free where the engine keeps its data, and {self.low / 1e9:.1f} are needed"
                )
        return ""

    def begin(self) -> None:
        """Another grading begins: now and then the build cache is cut back, which takes nothing from one under way."""
        self._begun += 1
        if self._begun % EVERY == 0:
            self.engine.later(self._trim)

    def _trim(self) -> None:
        with contextlib.suppress(EngineFault):
            trim_build_cache(self.engine, self.cache)
