"""The JSON record: complete, in a steady order, exact, safe to print, and documented key by key."""

import json
import re
from pathlib import Path

import msgspec
import pytest

from grader.render import FORMATS
from grader.render.json import record, render
from grader.report import SCHEMA, Attempt, Diagnosis, Outcome, Report, Result

from . import reports

DOCS = Path(__file__).parents[2] / "docs" / "reference"


@pytest.mark.parametrize("case", reports.CASES)
def test_every_record_is_read_back_as_it_was(case):
    report = reports.CASES[case]
    values = json.loads(render(report))
    assert next(iter(values)) == "schema"
    assert values["schema"] == SCHEMA
    derived = {"points": report.points, "max_points": report.max_points, "exit_code": report.exit_code}
    assert {key: values[key] for key in derived} == derived
    assert values["outcome"] == report.outcome
    assert [result["points"] for result in values["results"]] == [result.points for result in report.results]
    if case != "hostile":  # which holds a lone surrogate, and no JSON can carry that
        assert msgspec.convert(values, Report) == report


def test_every_field_is_there_in_a_steady_order():
    values = record(reports.UNREACHABLE)
    summary = ["schema", "outcome", "points", "max_points", "exit_code"]
    assert list(values) == [*summary, *Report.__struct_fields__]
    assert all(list(result) == [*Result.__struct_fields__, "points"] for result in values["results"])


def test_an_error_has_no_score():
    values = json.loads(render(reports.ERROR))
    assert (values["outcome"], values["points"], values["exit_code"]) == ("error", None, 4)


def test_a_hostile_record_is_safe_to_print_and_exact():
    text = render(reports.HOSTILE)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202e\ud800-\udfff]", text)
    result, original = json.loads(text)["results"][1], reports.HOSTILE.results[1]
    assert result["got"] == original.got.replace("\udc80", "\ufffd")
    assert result["log"] == original.log


@pytest.mark.parametrize("character", ["\x7f", "\x9b", "\u2028", "\U000e0041"])
def test_unsafe_characters_come_back(character):
    text = render(reports.report(reports.failed("odd", "", f"a{character}b")))
    assert character not in text
    assert json.loads(text)["results"][0]["got"] == f"a{character}b"


def test_the_world_s_letters_stay_readable():
    assert '"日本 é"' in render(reports.report(title="日本 é"))


def test_the_json_format_ends_its_line(tmp_path):
    with (tmp_path / "report.json").open("w+", encoding="utf-8") as stream:
        FORMATS["json"](reports.FULL, reports.BOARD, stream)
        stream.seek(0)
        assert stream.read() == render(reports.FULL) + "\n"


def test_the_documented_example_is_the_real_thing():
    assert (DOCS / "report.json").read_text(encoding="utf-8") == render(reports.UNREACHABLE) + "\n"


def test_every_key_is_documented_once():
    keys = {"schema", "outcome", "points", "max_points", "exit_code"}
    for struct in (Report, Result, Diagnosis, Attempt):
        keys |= set(struct.__struct_fields__)
    documented = set(
        re.findall(r"^   \* - ``(\w+)``$", (DOCS / "report.rst").read_text(encoding="utf-8"), re.MULTILINE)
    )
    outcomes = {outcome.value for outcome in Outcome}
    assert documented - outcomes - {"0", "1", "2", "3", "4"} == keys


def test_every_outcome_and_exit_code_is_documented():
    text = (DOCS / "report.rst").read_text(encoding="utf-8")
    for value in [*Outcome, *range(5)]:
        assert f"   * - ``{value}``\n" in text
