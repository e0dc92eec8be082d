"""What the directives make of a page: the HTML's controls, and text that every builder has."""

import html
import re

import pytest

from grader.sphinx.exercise import tree
from grader.sphinx.fill_in import fold
from grader.sphinx.mistakes import show
from grader.sphinx.parsons import shuffled
from grader.sphinx.solution import language_of

QUIZ = """
.. quiz:: port

   In ``-p 8080:5000``, whose is *5000*?

   .. code-block:: none

      -p 8080:5000

   * (x) ``The`` container's,
     of course.

     Yes.

     It is so.
   * ( ) The host's (x) or ( ) so.

     No.
"""


def test_a_quiz_is_a_form_with_a_legend_and_labels(page):
    text = page(QUIZ).read("index.html")

    assert re.search(r"<fieldset>\s*<legend>In <code[^>]*>", text)
    assert text.count('<input type="radio" name="port"') == 2
    assert '<div class="verdict" role="status" aria-live="polite"></div>' in text
    assert re.search(r'<button type="submit" class="check" disabled="disabled">', text)
    assert "(x) or ( ) so." in text
    assert text.count("(x)") == 1
    assert "( ) The" not in text


def test_the_feedback_of_every_option_is_there_without_a_script(page):
    text = page(QUIZ).read("index.html")

    details = text[text.index('<details class="answers">') : text.index("</details>")]
    assert '<li class="reply" data-answer="0" data-right="true">' in details
    assert '<li class="reply" data-answer="1" data-right="false">' in details
    assert "<p>It is so.</p>" in details


@pytest.mark.parametrize("builder", ["text", "latex", "man", "texinfo"])
def test_other_builders_have_question_options_and_feedback(page, builder):
    built = page(QUIZ, builder=builder)

    text = "".join(
        file.read_text(encoding="utf-8") for file in sorted(built.out.rglob("*.*")) if file.suffix in SOURCES
    )
    assert built.warnings == ()
    for words in ("whose is", "of course.", "Answers and why", "It is so."):
        assert words in text


SOURCES = {".txt", ".tex", ".1", ".texi"}


def test_translators_get_question_options_and_feedback_without_marks(page):
    text = page(QUIZ, builder="gettext").read("index.pot")

    assert 'msgid "In ``-p 8080:5000``, whose is *5000*?"' in text
    assert 'msgid "``The`` container\'s, of course."' in text
    assert 'msgid "The host\'s (x) or ( ) so."' in text
    assert 'msgid "It is so."' in text


def test_a_wrong_answer_that_is_typed_has_feedback_of_its_own(page):
    text = page(
        ".. fill-in:: tag\n   :answer: docker  build -t a . | docker build .\n\n   How?\n\n"
        "   * ``docker build a`` -- takes ``a`` -- as it says --\n     for the folder.\n   * ``*`` -- other."
    ).read("index.html")

    accepted = html.escape('["docker build -t a .", "docker build ."]')
    assert f'data-accept="{accepted}"' in text
    reply = re.search(r'<li class="reply" data-answer="docker build a".*?</li>', text, re.DOTALL)
    assert reply
    assert "as it says" in reply[0]
    assert "</strong></p>\n<p>takes" in reply[0]


@pytest.mark.parametrize(("typed", "folded"), [("  a\n b\t", "a b"), ("a", "a"), ("", "")])
def test_white_space_is_folded(typed, folded):
    assert fold(typed) == folded


@pytest.mark.parametrize("count", [2, 3, 7])
def test_lines_are_never_shown_in_the_right_order(count):
    needed, spare = [f"line {number}" for number in range(count)], ["spare"]
    for name in (f"question-{number}" for number in range(50)):
        shown = shuffled(name, needed, spare)
        assert sorted(shown) == sorted([*enumerate(needed), (-1, "spare")])
        assert [text for place, text in shown if place >= 0] != needed
        assert shown == shuffled(name, needed, spare)


def test_parsons_keeps_indentation_and_shows_the_answer(page):
    text = page(
        ".. parsons:: order\n   :language: yaml\n\n   Order.\n\n   .. code-block:: none\n\n"
        "      web:\n        image: <a>\n      #distractor version: 3\n\n   Why so."
    ).read("index.html")

    assert '<code class="parsons-code">  image: &lt;a&gt;</code>' in text
    assert 'data-place="-1"><p><code class="parsons-code">version: 3</code>' in text
    assert "highlight-yaml" in text
    assert "Why so." in text[text.index("<details") :]


def test_a_heading_that_says_what_the_box_says_is_not_doubled(page):
    built = page("Key points\n----------\n\n.. key-points::\n\n   * A.\n\nMore\n----\n\n.. key-points::\n\n   * B.")

    headings = re.findall(r"<h2[^>]*>([\w ]+)", built.read("index.html"))
    assert headings == ["Key points", "More", "Key points"]


def test_a_part_is_named_above_its_heading_unless_that_says_it(page):
    text = page("Run\n---\n\n.. part:: run\n\nLook\n----\n\n.. part:: investigate\n\nText.").read("index.html")

    assert re.search(r'<section class="part-run" id="run">\s*<h2>Run', text)
    assert re.search(r'id="look">\s*<p class="part-label">Investigate</p>\s*<h2>Look', text)


def test_the_files_to_hand_in_are_drawn_as_a_tree():
    assert tree("a", ["app.py", "t/one.html", "t/two.html", "Dockerfile"]) == [
        "a/",
        "├── app.py",
        "├── t/",
        "│   ├── one.html",
        "│   └── two.html",
        "└── Dockerfile",
    ]


@pytest.mark.parametrize(
    ("name", "language"),
    [("Dockerfile", "docker"), ("app.py", "python"), ("compose.yaml", "yaml"), ("boot.sh", "bash"), (".env", "none")],
)
def test_a_file_is_highlighted_by_its_name(name, language):
    assert language_of(name) == language


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("port {port} of {exit_code}", "port ‹port› of ‹exit_code›"),  # noqa: RUF001 - what the page shows
        ("docker inspect --format '{{.State.Running}}'", "docker inspect --format '{{.State.Running}}'"),
    ],
)
def test_details_of_a_run_are_shown_by_name(text, shown):
    assert show(text) == shown
