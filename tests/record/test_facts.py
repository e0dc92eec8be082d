"""The explorers' facts, recorded again: what happened is what is told; the seconds alone may differ, within reason."""

from collections.abc import Mapping
from typing import Any

import pytest

from grader.sphinx.explorer_facts import Run, load
from tests.conftest import ROOT

from .__main__ import record

BROKEN = {52, 56}  # the connection is reset or closed, whichever comes first
LONGEST = 120.0


def builds(run: Any) -> object:
    return [(step.line, step.again) for step in run.steps]


def requests(run: Any) -> object:
    return "broken" if run.exit_code in BROKEN else (run.exit_code, run.printed)


def signals(run: Any) -> object:
    return run.first, run.second, run.catches, run.exit_code


def starts(run: Any) -> object:
    """Where the app is left to chance against a database that starts quickly, nothing is certain."""
    chance = run.choose["order"] != "healthy" and run.choose["volume"] == "filled"
    names = [event.what for event in run.events]
    return chance or (sorted(set(names)), "refused" in names, names[-1])


# To stop each server in each way, and to start a database as often, takes longer than all other tests together:
# `make record` shows whether those runs still come out as they are told.
QUICK = ("layer-cache", "port-mapping")
CERTAIN = {"layer-cache": builds, "port-mapping": requests, "pid-1": signals, "start-order": starts}


def by_choice(runs: tuple[Run, ...]) -> Mapping[tuple[tuple[str, str], ...], Run]:
    return {tuple(sorted(run.choose.items())): run for run in runs}


@pytest.mark.docker
@pytest.mark.slow
@pytest.mark.parametrize("name", QUICK)
def test_what_is_told_still_happens(name):
    _, told = load(ROOT, name)

    again = by_choice(record(name).runs)

    wrong = [
        (chosen, CERTAIN[name](run), CERTAIN[name](again[chosen]))
        for chosen, run in by_choice(told.runs).items()
        if CERTAIN[name](run) != CERTAIN[name](again[chosen])
    ]
    assert wrong == []
    assert all(seconds(run) < LONGEST for run in again.values())


def seconds(run: Any) -> float:
    """How long it all took, as far as it was told."""
    return max([getattr(run, "seconds", 0.0), *(event.at for event in getattr(run, "events", ()))])
