"""The reader of pages: what is a directive, what is literal, what is a remark."""

from . import rst

PAGE = """\
Title
=====

.. console: exit 1
.. console: timeout 5

.. code-block:: console
   :caption: try it

   $ false

      .. note:: not a directive, an output

Like this::

   simply literal

.. warning: one colon
   and more of the comment

.. note::

   .. image:: a.svg
      :alt: a ship

.. _target: https://example.org
"""


def test_directives_are_found_outside_and_inside_others_but_not_in_code():
    assert [(d.line, d.name, d.indent) for d in rst.read(PAGE).directives] == [
        (7, "code-block", 0),
        (21, "note", 0),
        (23, "image", 3),
    ]


def test_a_directive_has_its_options_and_a_body_without_indentation():
    code = rst.read(PAGE).directives[0]
    assert code.options == {"caption": "try it"}
    assert code.body == ("$ false", "", "   .. note:: not a directive, an output")
    assert PAGE.splitlines()[code.body_line - 1].strip() == "$ false"


def test_remarks_directly_above_belong_to_the_directive():
    code, note, _ = rst.read(PAGE).directives
    assert [remark.value for remark in code.remarks] == ["exit 1", "timeout 5"]
    assert note.remarks == ()


def test_text_between_keeps_a_remark_from_the_directive():
    page = ".. console: exit 1\n\nText.\n\n.. code-block:: console\n\n   $ true\n"
    assert rst.read(page).directives[0].remarks == ()


def test_prose_is_what_is_neither_literal_nor_comment():
    prose = "\n".join(line for _, line in rst.read(PAGE).prose())
    assert "simply literal" not in prose
    assert "one colon" not in prose
    assert "more of the comment" not in prose
    assert "Like this::" in prose
    assert "_target" in prose


def test_a_body_indented_too_deep_keeps_the_surplus():
    block = rst.read(".. code-block:: none\n   :caption: a\n\n    one too many\n").directives[0]
    assert block.body == (" one too many",)
