"""What a student gets back: all that the terminal's report says, and nothing of it alive."""

import re

import pytest
from markdown_it import MarkdownIt

from grader.render.gradebook import FORMATS, Options
from grader.render.gradebook.html import prose
from grader.render.gradebook.markdown import LINKED, block, span, text

from . import gradebooks as books
from . import reports
from .pages import Page, allowed

BOOK = "https://book.example/course/"
ELEMENTS = "html head meta title style body main header section footer h1 h2 p ol li dl dt dd pre code a b i span"
ATTRIBUTES = "lang charset http-equiv content name class id aria-labelledby tabindex href"


def written(folder, gradebook=books.CLASS, key="", book=BOOK):
    FORMATS["feedback"](gradebook, folder, Options(book=book))
    return [(folder / "feedback" / f"{key}.{ending}").read_text("utf-8") for ending in ("html", "md")]


def parsed(text):
    """Markdown as GitHub reads it, but for its links without marks."""
    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)


def tokens(text):
    return [each for token in parsed(text) for each in (token, *(token.children or []))]


def shown(text):
    """What is read of a Markdown text."""
    return " ".join(" ".join(token.content for token in tokens(text) if token.type != "inline").split())


@pytest.mark.parametrize("key", [entry.student.key for entry in books.CLASS.entries])
def test_each_student_gets_a_page_that_stands_alone(tmp_path, key):
    page = Page(written(tmp_path, key=key)[0])
    assert page.elements <= set(ELEMENTS.split())
    assert page.attributes <= set(ATTRIBUTES.split())
    assert all(link.startswith(BOOK) for link in page.links)
    assert len(page.styles) == 1
    assert "url(" not in page.styles[0]
    assert "@import" not in page.styles[0]
    assert allowed(page, "style")
    assert allowed(page, "script")
    assert len(set(page.ids)) == len(page.ids)


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("ada", ["10 of 10 points", "Full marks. Well sailed!"]),
        ("bo", ["2 of 10 points", "For each lost point", "This was handed in late."]),
        ("cy", ["7.5 of 10 points", "corrected by hand to 7.5: shown in person"]),
        ("dee", ["4 of 10 points", "by hand to 2: the lecture did not ask for the newline"]),
        ("eve", ["No score", "not your fault, and it is not held against you", "because", books.FAULT, "-/3"]),
        ("fay", ["No score", "could not be taken in: fay.zip holds more than 10 MB"]),
        ("gus", ["No score", "Nothing was handed in."]),
        ("hal", ["No score", "is not graded yet"]),
    ],
)
def test_it_begins_with_how_to_take_it(tmp_path, key, said):
    page, markdown = written(tmp_path, key=key)
    for words in said:
        assert words in Page(page).text
        assert words.casefold() in shown(markdown).casefold()
    assert "0 of 10" not in page.replace("10 of 10", "")


def test_a_failure_says_all_that_the_terminal_says(tmp_path):
    result = reports.UNREACHABLE.results[1]
    for form in written(tmp_path, key="ida"):
        said = Page(form).text if form.startswith("<") else shown(form)
        diagnosis = result.diagnosis
        for words in (result.title, result.asked, result.expected, result.got, diagnosis.cause, diagnosis.look):
            assert words in said.replace("\u23ce", "")
        assert "Running on http://127.0.0.1:5000" in said
        assert "because this failed: The container starts and answers" in said
        assert f'{BOOK}mistakes.html#loopback"' in form or f"(<{BOOK}mistakes.html#loopback>)" in form
        assert said.count(reports.BUILD) == 1


def test_the_first_difference_is_pointed_at(tmp_path):
    for form in written(tmp_path, key="bo"):
        assert "\n             ^ the newline at the end is missing" in form


def test_a_cause_is_told_in_full_once(tmp_path):
    crashed = books.gradebook(books.entry("ada", "Ada", report=reports.CRASHES))
    for form in written(tmp_path, crashed, "ada"):
        assert form.count("ZeroDivisionError") == 1
        assert "same cause as above" in form


def test_without_the_address_of_the_course_the_page_is_named(tmp_path):
    page, markdown = written(tmp_path, key="ida", book="")
    assert Page(page).links == set()
    assert "**learn**: common mistakes: loopback" in markdown


def test_no_page_tells_of_another_student(tmp_path):
    written(tmp_path, key="ada")
    for file in (tmp_path / "feedback").iterdir():
        told = file.read_text("utf-8")
        assert not [e for e in books.CLASS.entries if e.student.key != file.stem and e.student.name in told]
        assert "identical" not in told


@pytest.mark.parametrize("attack", books.ATTACKS)
@pytest.mark.parametrize("key", ["mallory", "oscar", "trudy"])
def test_nothing_from_outside_is_live(tmp_path, attack, key):
    html, markdown = written(tmp_path, books.hostile(attack), key)
    page = Page(html)
    assert page.elements <= set(ELEMENTS.split())
    assert page.attributes <= set(ATTRIBUTES.split())
    assert all(link.startswith(BOOK) for link in page.links)
    assert allowed(page, "style")
    assert allowed(page, "script")
    types = {token.type for token in tokens(markdown)}
    assert types <= {
        *("heading_open", "heading_close", "paragraph_open", "paragraph_close", "inline", "fence"),
        *("text", "code_inline", "hardbreak", "strong_open", "strong_close", "link_open", "link_close"),
    }
    links = [token.attrs["href"] for token in tokens(markdown) if token.type == "link_open"]
    assert all(link.startswith(BOOK) for link in links)
    titles = [token for token in parsed(markdown) if token.type == "heading_open"]
    assert len(titles) == markdown.count("\n## ") + 1
    # Some readers make links of bare words.
    assert not [token.content for token in tokens(markdown) if token.type == "text" and LINKED.search(token.content)]
    for form in (html, markdown):
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202e\u2028\ud800-\udfff]", form)


@pytest.mark.parametrize(
    ("words", "escaped"),
    [
        ("GET /<name> greets", r"GET /\<name\> greets"),
        ("use `--host 0.0.0.0` here", "use `--host 0.0.0.0` here"),
        ("a lone ` and *stars*", r"a lone \` and \*stars\*"),
        ("mail me@example.edu", "mail `me@example.edu`"),
        (
            "# no heading\n- no list\n1. nor this\n12) nor this",
            "\\# no heading\\\n\\- no list\\\n1\\. nor this\\\n12\\) nor this",
        ),
        ("Title\n=====", "Title\\\n\\====="),
        ("    indented", "indented"),
    ],
)
def test_markdown_text_stays_readable(words, escaped):
    assert text(words) == escaped
    assert shown(escaped).replace(" ", "") == re.sub(r"`|\s", "", words) or "`" in words


@pytest.mark.parametrize("words", ["plain", "a `tick`", "``two``", "`", "```\nfence\n````", "~~~"])
def test_code_is_code_whatever_it_holds(words):
    (fence,) = parsed(block(words))
    assert (fence.type, fence.content) == ("fence", f"{words}\n")
    if "\n" not in words:
        (code,) = [token for token in tokens(span(words)) if token.type == "code_inline"]
        assert code.content == words


def test_prose_sets_code_as_code_and_escapes_both():
    assert prose("a `<b>` & \x1b") == "a <code>&lt;b&gt;</code> &amp; \\x1b"


def test_the_pages_have_the_course_s_colors(root):
    def colors(path):
        return dict(re.findall(r"^  (--[a-z-]+): (light-dark\(.*?\)|#\w+);$", path.read_text("utf-8"), re.MULTILINE))

    ours = colors(root / "grader/render/gradebook/templates/page.css")
    course = colors(root / "grader/sphinx/static/colors.css")
    assert ours
    assert ours.items() <= course.items()
