"""What is written for a class, to the letter: the files under golden/; and that its reference names all of it."""

import re
from pathlib import Path

import pytest

from grader.render.gradebook import FORMATS, Options

from . import gradebooks as books

REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "gradebooks.rst"
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


def test_every_form_and_every_column_is_documented():
    rows = re.findall(r"^   \* - ``(.+)``$", REFERENCE.read_text("utf-8"), re.MULTILINE)
    header = (GOLDEN / "grades.csv").read_text("utf-8-sig").splitlines()[0]
    columns = list(dict.fromkeys(re.sub("check:.*", "check:<id>", column) for column in header.split(",")))
    assert rows == [*FORMATS, *["name``, ``email" if each == "name" else each for each in columns if each != "email"]]


@pytest.mark.parametrize("form", [form for form in FORMATS if form != "moodle"])
def test_what_is_written_is_where_the_reference_says(tmp_path, form):
    written = FORMATS[form](books.ONE, tmp_path, Options())
    name = written.files[0].relative_to(tmp_path).as_posix().replace("ada", "<key>")
    assert f"   * - ``{form}``\n     - ``{name}``" in REFERENCE.read_text("utf-8")
