"""A small course that uses every directive, built by the course's own conf.py."""

import json
import re
import shutil
from pathlib import Path

import pytest

from tests.sphinx.building import PROJECT, build, build_as_the_course, write

SECRETS = ("coffee", "patience")
INSTRUCTOR_HEADING = "Behind the desk"


@pytest.mark.parametrize("builder", ["html", "text", "latex", "gettext"])
def test_the_project_builds_without_a_warning(tmp_path, builder):
    assert build_as_the_course(tmp_path, builder=builder).warnings == ()


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    return build_as_the_course(tmp_path_factory.mktemp("site"))


def test_nothing_is_loaded_from_another_site(site):
    loads = re.compile(
        r"""<(?:script|img|iframe|source|video|audio)\b[^>]*\bsrc="([^"]*)"|<link\b[^>]*\bhref="([^"]*)\""""
    )
    pages = list(site.out.rglob("*.html"))
    assert len(pages) >= 5

    loaded = {a or b for page in pages for a, b in loads.findall(page.read_text(encoding="utf-8"))}
    styles = "".join(file.read_text(encoding="utf-8") for file in site.out.rglob("*.css"))

    assert loaded
    assert [address for address in loaded if re.match(r"(https?:)?//", address)] == []
    assert re.findall(r"(?:url\(|@import)\s*['\"]?\s*(?:https?:)?//[^)]*", styles) == []


def test_a_page_has_the_scripts_that_it_uses_and_no_others(site):
    assert own_scripts(site.read("index.html")) == {"page.js"}
    assert own_scripts(site.read("00-start/index.html")) == {
        "page.js",
        "progress.js",
        "question.js",
        "quiz.js",
        "fill-in.js",
    }
    assert {"parsons.js", "solution.js"} < own_scripts(site.read("01-demo/index.html"))


def own_scripts(text: str) -> set[str]:
    own = {file.name for file in (Path(__file__).parents[2] / "grader/sphinx/static").glob("*.js")}
    return set(re.findall(r'_static/([\w-]+\.js)[?"]', text)) & own


def test_the_rubric_is_the_exercise_files(site):
    page = site.read("01-demo/index.html")
    text = re.sub(r"<[^>]+>", " ", page)

    assert "Containerize a demonstration" in text
    assert "The image names its command in exec form" in text
    assert re.search(r"Total\s+5\b", text)
    assert "make grade EX=01-demo" in re.sub(r"<[^>]+>", "", page)
    assert 'return "Hello, world!\\n"' in text.replace("&quot;", '"')


def test_a_mistake_can_be_linked_to(site):
    text = site.read("01-demo/index.html")

    assert 'id="mistake-listens-on-loopback"' in text
    assert "engine-sleeps" not in text
    assert 'id="mistake-engine-sleeps"' in site.read("00-start/index.html")


def test_the_worked_answer_is_each_file_of_the_solution(site):
    text = site.read("01-demo/index.html")
    text = text[text.index('<details class="solution') :]

    names = re.findall(r'class="caption-text">([^<]+)<', text)
    assert names == ["app.py", "requirements.txt", "Dockerfile", "templates/index.html"]


BUILDERS = ["html", *(pytest.param(each, marks=pytest.mark.slow) for each in ("text", "gettext", "latex"))]


@pytest.mark.parametrize("builder", BUILDERS)
def test_nothing_of_the_instructors_notes_is_in_the_students_build(tmp_path, builder):
    told = build_as_the_course(tmp_path, builder=builder, tags=["instructor"])
    assert all(secret in everything(told.out) for secret in SECRETS)

    # The same folders: what was read for the instructors must be read anew.
    text = everything(build_as_the_course(tmp_path, builder=builder).out)

    assert [secret for secret in (*SECRETS, INSTRUCTOR_HEADING) if secret in text] == []


def everything(folder: Path) -> str:
    suffixes = {".html", ".js", ".txt", ".pot", ".tex", ".json"}
    return "".join(file.read_text(encoding="utf-8") for file in folder.rglob("*") if file.suffix in suffixes)


def test_a_changed_exercise_is_read_again(tmp_path):
    root = shutil.copytree(PROJECT, tmp_path / "project")
    build(root / "docs", tmp_path / "built", root=root)

    file = root / "exercises" / "01-demo" / "exercise.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("Containerize a demo", "Wrap up a demo"), encoding="utf-8")
    again = build(root / "docs", tmp_path / "built", root=root)

    assert "Wrap up a demonstration" in again.read("01-demo/index.html")


def test_the_whole_course_is_known_when_pages_are_read_in_parallel(tmp_path):
    quiz = ".. quiz:: {name}\n\n   Which?\n\n   * (x) A.\n\n     Yes.\n   * ( ) B.\n\n     No."
    names = ["one", "two", "three", "same", "five", "six", "same", "eight"]
    pages = {f"p{number}": quiz.format(name=name) for number, name in enumerate(names)}

    warnings = build(write(tmp_path / "docs", pages), tmp_path / "built", parallel=2).warnings

    assert len(warnings) == 1
    assert "p6.rst:4: WARNING: the question id 'same' is used before, in p3:4 [shipshape.lint]" in warnings[0]


def test_a_removed_page_is_forgotten(tmp_path):
    quiz = ".. quiz:: same\n\n   Which?\n\n   * (x) A.\n\n     Yes.\n   * ( ) B.\n\n     No."
    docs = write(tmp_path / "docs", {"one": quiz, "two": quiz})
    assert len(build(docs, tmp_path / "built").warnings) == 1

    (docs / "two.rst").unlink()
    write(docs, {"one": quiz})

    assert build(docs, tmp_path / "built").warnings == ()


def test_a_unit_page_that_breaks_the_rules_is_told_where(tmp_path):
    root = shutil.copytree(PROJECT, tmp_path / "project")
    page = root / "docs" / "01-demo" / "index.rst"
    text = (
        page.read_text(encoding="utf-8")
        .replace(".. part:: modify\n", "")
        .replace(":objective: image", ":objective: imag")
    )
    page.write_text(text, encoding="utf-8")

    warnings = build(root / "docs", tmp_path / "built", root=root).warnings

    assert any("01-demo/index.rst:1: WARNING: the part 'modify' is missing" in line for line in warnings)
    line = text[: text.index(".. fill-in:: demo-tag")].count("\n") + 1
    assert any(
        f"index.rst:{line}: WARNING: the fill-in 'demo-tag' names the objective 'imag'" in told for told in warnings
    )


def test_the_search_finds_questions_and_feedback(site):
    index = site.read("searchindex.js")

    words = json.loads(index.removeprefix("Search.setIndex(").removesuffix(")"))["terms"]
    assert "swap" in words or "swapped" in words
