"""The table of progress: a row for each unit, from every page's questions, in every builder."""

import html
import json
import re

from tests.sphinx.building import PROJECT, build

QUIZ = ".. quiz:: {name}\n\n   Which?\n\n   * (x) A.\n\n     Feedback.\n   * ( ) B.\n\n     Feedback."


def counts(text: str) -> list[list[str]]:
    return [json.loads(html.unescape(found)) for found in re.findall(r'data-questions="([^"]*)"', text)]


def test_each_unit_has_a_row_with_its_questions(tmp_path):
    text = build(PROJECT / "docs", tmp_path).read("progress.html")

    assert [len(ids) for ids in counts(text)] == [4, 6]
    assert "demo-publish" in counts(text)[1]
    assert re.search(r'href="01-demo/index.html"[^>]*>(<[^>]+>)*Demonstrate a server', text)
    assert '<div class="progress-controls" hidden="hidden">' in text


def test_other_builders_have_the_table(tmp_path):
    text = build(PROJECT / "docs", tmp_path, builder="text").read("progress.txt")
    assert re.search(r"Demonstrate a server[^|]*\|\s*6\s*\|\s*none yet", text)


def test_a_question_that_comes_later_is_counted(tmp_path):
    unit = tmp_path / "docs" / "01-demo" / "index.rst"
    unit.parent.mkdir(parents=True)
    (tmp_path / "docs" / "index.rst").write_text("A\n=\n\n.. progress::\n\n.. toctree::\n\n   01-demo/index\n")
    unit.write_text("Demo\n====\n\n" + QUIZ.format(name="one"))
    assert counts(build(tmp_path / "docs", tmp_path / "built").read("index.html")) == [["one"]]

    unit.write_text("Demo\n====\n\n" + QUIZ.format(name="one") + "\n\n" + QUIZ.format(name="two"))

    assert counts(build(tmp_path / "docs", tmp_path / "built").read("index.html")) == [["one", "two"]]
