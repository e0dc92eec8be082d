"""junit.xml: well-formed, of the shape that its readers know, and with errors where nobody can tell."""

from xml.etree import ElementTree

import pytest

from grader.render.gradebook import FORMATS, Options

from . import gradebooks as books

# Of the schema for JUnit 10: which attributes an element may have, which of them it must, and what it may hold.
SHAPE = {
    "testsuites": ({"name", "time", "tests", "failures", "errors"}, set(), {"testsuite"}),
    "testsuite": (
        {"name", "tests", "failures", "errors", "skipped", "time", "timestamp", "hostname", "id", "package", "file"},
        {"name", "tests", "failures", "errors"},
        {"properties", "testcase", "system-out", "system-err"},
    ),
    "properties": (set(), set(), {"property"}),
    "property": ({"name", "value"}, {"name", "value"}, set()),
    "testcase": ({"name", "classname", "time", "group"}, {"name"}, {"skipped", "failure", "error", "system-out"}),
    "skipped": ({"type", "message"}, set(), set()),
    "failure": ({"type", "message"}, set(), set()),
    "error": ({"type", "message"}, set(), set()),
}


def read(folder, gradebook=books.CLASS):
    FORMATS["junit"](gradebook, folder, Options())
    content = (folder / "junit.xml").read_bytes()
    assert content.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n')
    root = ElementTree.fromstring(content)  # noqa: S314 - of our own making
    for element in root.iter():
        may, must, holds = SHAPE[element.tag]
        assert must <= set(element.attrib) <= may
        assert {child.tag for child in element} <= holds
        if element.tag == "testsuite":
            for count, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
                assert int(element.get(count)) == len(element.findall(f"testcase/{tag}"))
            assert int(element.get("tests")) == len(element.findall("testcase"))
    return root


def verdicts(root, key):
    cases = root.findall(f"testsuite[@name='{key}']/testcase")
    return [case[0].tag if len(case) else "passed" for case in cases]


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("ada", ["passed"] * 6),
        ("bo", ["passed", "passed", "failure", "failure", "passed", "failure"]),
        ("ida", ["passed", "failure", "skipped", "skipped", "skipped", "passed"]),
        ("eve", ["passed", "passed", "passed", "error", "skipped", "passed"]),
        ("fay", ["error"]),
        ("gus", ["error"]),
        ("hal", ["error"]),
    ],
)
def test_each_result_is_a_case(tmp_path, key, told):
    assert verdicts(read(tmp_path), key) == told


def test_a_failure_has_its_cause_and_all_that_helps(tmp_path):
    (failure,) = read(tmp_path).findall("testsuite[@name='ida']/testcase/failure")
    assert failure.get("type") == "loopback"
    assert failure.get("message").startswith("Your app listens on 127.0.0.1:5000")
    assert "Start it with" in failure.text


def test_points_and_corrections_are_properties(tmp_path):
    found = read(tmp_path).findall("testsuite[@name='dee']/properties/property")
    values = {each.get("name"): each.get("value") for each in found}
    assert values["points"] == "4"
    assert (values["points.says-hello"], values["max_points.says-hello"]) == ("2", "3")
    assert "the lecture did not ask for the newline" in values["note"]


def test_the_whole_is_the_sum_of_its_suites(tmp_path):
    root = read(tmp_path)
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("39", "8", "4")
    empty = read(tmp_path, books.EMPTY)
    assert (empty.get("tests"), len(empty)) == ("0", 0)


@pytest.mark.parametrize("attack", books.ATTACKS)
def test_nothing_from_outside_breaks_it(tmp_path, attack):
    root = read(tmp_path, books.hostile(attack))
    assert [suite.get("name") for suite in root] == ["mallory", "oscar", "trudy"]
    text = (tmp_path / "junit.xml").read_text("utf-8")
    assert not set(text) & set("\x00\x07\x0b\x1b\x9b\u2028\u202e\ufffe\uffff")
    assert "CDATA" not in text.replace("&lt;![CDATA", "")


def test_a_thousand_are_a_thousand_suites(tmp_path):
    assert len(read(tmp_path, books.thousand())) == 1_000
