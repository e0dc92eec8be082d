"""What is written for a class, to the letter: the files under golden/."""

from pathlib import Path

import pytest

from grader.render.gradebook import FORMATS, Options

from . import gradebooks as books

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize(
    ("form", "file", "golden"),
    [
        ("csv", "grades.csv", "grades.csv"),
        ("feedback", "feedback/cy.md", "feedback-cy.md"),
        ("gradescope", "results/dee/results.json", "results-dee.json"),
        ("junit", "junit.xml", "junit.xml"),
    ],
)
def test_looks_as_agreed(tmp_path, form, file, golden):
    FORMATS[form](books.CLASS, tmp_path, Options(book="https://book.example"))
    assert (tmp_path / file).read_text("utf-8") == (GOLDEN / golden).read_text("utf-8")
