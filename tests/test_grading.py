"""Many cases side by side: each has its report, and what could not be told is graded again, with nothing beside it."""

from types import SimpleNamespace
from typing import Any

import pytest

from grader.report import Outcome, Report, Result
from tests import grading
from tests.grading import reports
from tests.render.reports import report
from tests.verify import objections


def told(outcome: Outcome) -> Report:
    return report(Result(id="start", kind="start", title="Starts", outcome=outcome, got="too busy"))


def case(name: str) -> Any:
    return SimpleNamespace(name=name, objections=lambda report: [f"{report.outcome}"])


def test_what_could_not_be_told_comes_last(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    outcomes = {"a": [Outcome.ERROR, Outcome.FAIL], "b": [Outcome.PASS], "c": [Outcome.ERROR, Outcome.ERROR]}
    monkeypatch.setattr(grading, "graded", lambda case, engine: told(outcomes[case.name].pop(0)))
    found = [(case.name, objections(case, report)) for case, report in reports(map(case, "abc"), None, 1)]
    assert found[0] == ("b", ["pass"])
    assert sorted(found[1:]) == [("a", ["fail", "start FAIL: too busy"]), ("c", ["error", "start ERROR: too busy"])]
    assert "a: to be graded again by itself: too busy\n" in capsys.readouterr().out


def test_a_bug_in_the_grader_is_the_cases_own(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(case: Any, engine: Any) -> Report:
        if case.name == "a":
            raise ZeroDivisionError
        return told(Outcome.PASS)

    monkeypatch.setattr(grading, "graded", breaks)
    found = {case.name: objections(case, report) for case, report in reports(map(case, "ab"), None, 2)}
    assert found["b"] == ["pass"]
    assert found["a"][0] == "the grader broke: ZeroDivisionError()"
