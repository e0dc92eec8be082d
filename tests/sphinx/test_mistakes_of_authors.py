"""Each thing that an author of a page can get wrong is told at its place, in words that say what to do."""

import pytest

OPTIONS = """
   * (x) One.

     Feedback.
   * ( ) Two.

     Feedback.
"""
ANY = """
   * ``*`` -- other.
"""
LINES = """
   .. code-block:: none

      one
      two

   Why.
"""

# id: the page's text from line 4 on, the line of the warning, and what it says
MISTAKES = {
    "quiz-bad-id": (
        f".. quiz:: Hello_Port\n\n   Which?\n{OPTIONS}",
        4,
        "the id 'Hello_Port' must be lower-case words joined by hyphens",
    ),
    "quiz-no-options": (
        ".. quiz:: a\n\n   Which?",
        4,
        "a: the options are missing: a bullet list that ends the question",
    ),
    "quiz-no-question": (
        f".. quiz:: a\n{OPTIONS}",
        4,
        "a: a question starts with a paragraph that asks it",
    ),
    "quiz-no-feedback": (
        ".. quiz:: a\n\n   Which?\n\n   * (x) One.\n\n     Yes.\n   * ( ) Two.",
        11,
        "a: the option 'Two.' has no feedback",
    ),
    "quiz-no-mark": (
        ".. quiz:: a\n\n   Which?\n\n   * (x) One.\n\n     Yes.\n   * Two.\n\n     No.",
        11,
        "a: the option 'Two.' has no mark: start it with ( ), (x), [ ] or [x]",
    ),
    "quiz-nothing-right": (
        ".. quiz:: a\n\n   Which?\n\n   * ( ) One.\n\n     No.\n   * ( ) Two.\n\n     No.",
        4,
        "a: no option is marked right, with (x) or [x]",
    ),
    "quiz-two-right": (
        ".. quiz:: a\n\n   Which?\n\n   * (x) One.\n\n     Yes.\n   * (x) Two.\n\n     Yes.",
        4,
        "a: 2 options are marked (x): one can be right, or mark them [ ] and [x]",
    ),
    "quiz-mixed-marks": (
        ".. quiz:: a\n\n   Which?\n\n   * (x) One.\n\n     Yes.\n   * [ ] Two.\n\n     No.",
        4,
        "a: round and square marks are mixed",
    ),
    "quiz-one-option": (
        ".. quiz:: a\n\n   Which?\n\n   * (x) One.\n\n     Yes.",
        4,
        "a: a question needs two options at least",
    ),
    "predict-many": (
        ".. predict:: a\n\n   Which?\n\n   * [x] One.\n\n     Yes.\n   * [ ] Two.\n\n     No.",
        4,
        "a: a predict has one right option: mark them with ( ) and (x)",
    ),
    "fill-in-no-answer": (
        f".. fill-in:: a\n\n   Which?\n{ANY}",
        4,
        "a: no answer is accepted: give :answer:",
    ),
    "fill-in-no-other": (
        ".. fill-in:: a\n   :answer: one\n\n   Which?\n\n   * ``two`` -- no.",
        4,
        "a: no feedback for other wrong answers: add the item ``*`` -- ...",
    ),
    "fill-in-not-code": (
        ".. fill-in:: a\n   :answer: one\n\n   Which?\n\n   * two: no.\n   * ``*`` -- other.",
        9,
        "a: write ``answer`` -- feedback, not 'two: no.'",
    ),
    "parsons-no-lines": (
        ".. parsons:: a\n\n   Put in order.",
        4,
        "a: the lines are missing: give them in a code block, in the right order",
    ),
    "parsons-one-line": (
        ".. parsons:: a\n\n   Put in order.\n\n   .. code-block:: none\n\n      one\n      #distractor two\n\n   Why.",
        4,
        "a: there is nothing to put in order: two different lines are needed at least",
    ),
    "parsons-no-feedback": (
        ".. parsons:: a\n\n   Put in order.\n\n   .. code-block:: none\n\n      one\n      two",
        4,
        "a: no feedback: say below the code block why this order is right",
    ),
    "parsons-no-question": (
        f".. parsons:: a\n{LINES}",
        4,
        "a: a question starts with a paragraph that asks it",
    ),
    "part-unknown": (
        "Section\n-------\n\n.. part:: modfy",
        7,
        "no part 'modfy': the parts that mark a section are warm-up, run, investigate, modify, make",
    ),
    "part-too-late": (
        "Section\n-------\n\nText.\n\n.. part:: modify",
        9,
        "the marker of the part 'modify' must stand directly under a heading",
    ),
    "unit-no-minutes": (
        ".. unit::\n   :do: 5\n\n   Why.",
        4,
        "unit: say how many minutes it takes to read it, with :read:",
    ),
    "unit-no-reason": (
        ".. unit::\n   :read: 5\n   :do: 5",
        4,
        "unit: say why it matters: two sentences, a real failure",
    ),
    "unit-needs-unknown": (
        ".. unit::\n   :read: 5\n   :do: 5\n   :needs: 00-nothing\n\n   Why.",
        4,
        "unknown document: '/00-nothing/index'",
    ),
    "objectives-no-fields": (
        ".. objectives::\n\n   Write an app.",
        4,
        "objectives: write each one as :id: Verb first",
    ),
    "objectives-bad-id": (
        ".. objectives::\n\n   :My Routes: Write an app.",
        6,
        "the objective's id 'My Routes' must be lower-case words joined by hyphens",
    ),
    "objectives-empty": (
        ".. objectives::\n\n   :routes:",
        6,
        "the objective 'routes' says nothing: a verb first, then what",
    ),
    "key-points-too-many": (
        ".. key-points::\n\n" + "   * Point.\n" * 7,
        4,
        "key-points: 7 points are too many to remember: six at most",
    ),
    "key-points-no-list": (
        ".. key-points::\n\n   Text.",
        4,
        "key-points: it holds one bullet list and nothing else",
    ),
    "reading-too-few": (
        ".. reading::\n\n   * `A <https://example.org/a>`_: why.",
        4,
        "reading: three to five links, not 1",
    ),
    "reading-no-link": (
        ".. reading::\n\n" + "   * `A <https://example.org/>`__: why.\n" * 2 + "   * A book.",
        4,
        "reading: the item 'A book.' has no link",
    ),
    "exercise-unknown": (
        ".. exercise:: 99-nothing",
        4,
        "exercise.toml: cannot be read",
    ),
    "exercise-of-another-unit": (
        ".. exercise:: 01-demo",
        4,
        "exercise: 01-demo belongs to the unit '01-demo', and this page is 'index'",
    ),
    "solution-unknown": (
        ".. solution:: 99-nothing",
        4,
        "solution: there is no file in solutions/99-nothing",
    ),
    "mistakes-unknown": (
        ".. mistakes::\n\n   engine-sleps",
        4,
        "mistakes: no diagnosis 'engine-sleps' in grader/diagnoses",
    ),
    "mistakes-none": (
        ".. mistakes::",
        4,
        "mistakes: no diagnosis of the unit 'index' in grader/diagnoses",
    ),
}


@pytest.mark.parametrize(("text", "line", "message"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_told_at_its_place(page, text, line, message):
    warnings = page(text, builder="dummy").warnings

    assert len(warnings) == 1, warnings
    assert f"index.rst:{line}: WARNING: " in warnings[0]
    assert message in warnings[0]


def test_an_empty_instructor_box_is_told_of_in_its_build(page):
    warnings = page(".. instructor::", builder="dummy", tags=["instructor"]).warnings

    assert len(warnings) == 1
    assert "index.rst:4: WARNING: instructor: it is empty" in warnings[0]


def test_warnings_can_be_told_apart(page):
    assert page(".. quiz:: a\n\n   Which?", builder="dummy").warnings[0].endswith("[shipshape.quiz]")
