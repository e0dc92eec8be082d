"""How an output on a page is written anew: lines that still agree stay as their author wrote them."""

import difflib
from collections.abc import Sequence
from functools import cache

from tests.docs.transcript import ANY, agrees

LOST = 2.0  # the price of a line of the page that is left out
NEW = 1.0  # of a line of the run that is put in
LIKE = 0.5  # how alike two lines are for one to be the other, changed


def rewritten(page: Sequence[str], run: Sequence[str]) -> tuple[str, ...]:
    """The page's lines, changed as little as makes them agree with the run; a line `...` still stands for any lines."""
    if agrees(page, run):
        return tuple(page)
    return _without_doubles(_align(tuple(page), tuple(run)))


def _align(page: tuple[str, ...], run: tuple[str, ...]) -> tuple[str, ...]:
    """The cheapest way through both, from their ends to their beginnings."""

    @cache
    def price(at: int, told: int) -> tuple[float, str]:
        """What the rest costs from here, and the first step of it."""
        ways = []
        if at == len(page) and told == len(run):
            return 0.0, "end"
        if at < len(page) and page[at].strip() == ANY:
            ways.append((price(at + 1, told)[0], "any-ends"))
            if told < len(run):
                ways.append((price(at, told + 1)[0], "any-goes-on"))
        elif at < len(page):
            if told < len(run) and (change := _change(page[at], run[told])) is not None:
                ways.append((change + price(at + 1, told + 1)[0], "both"))
            ways.append((LOST + price(at + 1, told)[0], "lost"))
        if told < len(run):
            ways.append((NEW + price(at, told + 1)[0], "new"))
        return min(ways)

    for told in range(len(run), -1, -1):  # from the end, so that no call goes deep
        for at in range(len(page), -1, -1):
            price(at, told)
    found: list[str] = []
    at = told = 0
    while (step := price(at, told)[1]) != "end":
        if step == "both":
            found.append(page[at] if agrees([page[at]], [run[told]]) else run[told])
        elif step == "any-ends":
            found.append(page[at])
        elif step == "new":
            found.append(run[told])
        at += step in {"both", "lost", "any-ends"}
        told += step in {"both", "new", "any-goes-on"}
    return tuple(found)


def _change(old: str, new: str) -> float | None:
    """The price of taking one line for the other; None where they have too little in common."""
    if agrees([old], [new]):
        return 0.0
    alike = difflib.SequenceMatcher(None, old, new, autojunk=False).ratio()
    return LOST * (1 - alike) if alike >= LIKE else None


def _without_doubles(lines: tuple[str, ...]) -> tuple[str, ...]:
    """Two lines `...` that have come to stand together are one."""
    pairs = zip(lines, ("", *lines), strict=False)
    return tuple(line for line, before in pairs if not (line.strip() == before.strip() == ANY))
