"""The parser of console blocks, and every mistake that an author can make in one."""

import textwrap
from pathlib import Path

import pytest

from .console import Block, Fault, Saved, parse

BLOCK = ".. code-block:: console\n\n   $ true\n"


def steps(text, folder=Path("/nowhere")):
    return parse(textwrap.dedent(text), folder / "index.rst", folder)


def test_commands_and_what_they_print():
    (block,) = steps("""\
        .. code-block:: console

           $ echo one \\
               two
           one two
           $ cd /
           $ ls
           ...

           bin
        """)
    assert isinstance(block, Block)
    assert [(c.line, c.text, c.expected) for c in block.commands] == [
        (3, "echo one \\\n    two", ("one two",)),
        (6, "cd /", ()),
        (7, "ls", ("...", "", "bin")),
    ]


def test_a_block_in_a_tab_is_a_block():
    (block,) = steps(".. tab-item:: Linux\n\n   .. code-block:: console\n\n      $ true\n")
    assert block.line == 3
    assert block.commands[0].text == "true"


@pytest.mark.parametrize(
    ("remarks", "code", "timeout", "reason"),
    [
        pytest.param("", 0, 60.0, "", id="none"),
        pytest.param(".. console: exit 137\n\n", 137, 60.0, "", id="exit"),
        pytest.param(".. console: timeout 120\n\n", 0, 120.0, "", id="timeout"),
        pytest.param(".. console: timeout 5\n.. console: exit 1\n\n", 1, 5.0, "", id="both"),
        pytest.param(".. console: not run: needs a phone\n\n", 0, 60.0, "needs a phone", id="not-run"),
    ],
)
def test_remarks(remarks, code, timeout, reason):
    (block,) = steps(remarks + BLOCK)
    assert (block.exit, block.timeout, block.not_run) == (code, timeout, reason)
    assert not block.slow_page


def test_a_page_says_that_it_is_slow_above_one_of_its_blocks():
    first, second = steps(".. console: slow page\n\n" + BLOCK + "\n" + BLOCK)
    assert (first.slow_page, second.slow_page) == (True, False)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param(".. console: not run\n\n" + BLOCK, "needs a reason", id="no-reason"),
        pytest.param(".. console: not run:\n\n" + BLOCK, "needs a reason", id="empty-reason"),
        pytest.param(".. console: timeuot 5\n\n" + BLOCK, "unknown remark 'timeuot 5'", id="unknown-remark"),
        pytest.param(".. code-block:: console\n\n   hello\n", "begins with a command", id="output-first"),
        pytest.param(".. code-block:: console\n\nText\n", "is empty", id="empty"),
        pytest.param(".. code-block:: console\n\n   $ ls \\\n", "nothing after it", id="open-end"),
        pytest.param(BLOCK + "\n.. literalinclude:: app.py\n   :caption: app.py\n", "no file app.py", id="no-file"),
        pytest.param(
            BLOCK + "\n.. literalinclude:: a\n   :caption: The app\n",
            "is not a file name",
            id="caption-prose",
        ),
        pytest.param(BLOCK + "\n.. literalinclude:: a\n   :caption: ../app.py\n", "leads out", id="caption-outside"),
        pytest.param(BLOCK + "\n.. literalinclude:: a\n   :caption: a\n   :lines: 1-2\n", "only a part", id="partial"),
        pytest.param(
            BLOCK + "\n.. console: exit 1\n\n.. literalinclude:: a\n   :caption: a\n",
            "`not saved` is known",
            id="wrong-remark",
        ),
    ],
)
def test_a_mistake_is_a_fault_that_says_what_is_wrong(text, message):
    (fault,) = [step for step in steps(text) if isinstance(step, Fault)]
    assert message in fault.message


def test_a_captioned_include_is_saved_in_its_turn(tmp_path):
    (tmp_path / "app.py").write_text("")
    include = "\n.. literalinclude:: app.py\n   :caption: src/app.py\n\n"
    saved, block = steps(include + BLOCK, tmp_path)
    assert saved == Saved(line=2, source=tmp_path / "app.py", caption="src/app.py")
    assert isinstance(block, Block)


def test_an_include_from_the_top_of_the_course(tmp_path):
    (tmp_path / "app.py").write_text("")
    page = "\n.. literalinclude:: /app.py\n   :caption: app.py\n\n" + BLOCK
    saved, _ = parse(page, tmp_path / "01-hello" / "index.rst", tmp_path)
    assert saved.source == tmp_path / "app.py"


@pytest.mark.parametrize(
    "include",
    [
        pytest.param(".. literalinclude:: app.py\n\n", id="no-caption"),
        pytest.param(".. console: not saved\n\n.. literalinclude:: app.py\n   :caption: app.py\n\n", id="not-saved"),
    ],
)
def test_an_include_that_is_not_saved(include, tmp_path):
    (tmp_path / "app.py").write_text("")
    assert [type(step) for step in steps(include + BLOCK, tmp_path)] == [Block]


def test_a_page_without_console_blocks_has_no_steps(tmp_path):
    (tmp_path / "app.py").write_text("")
    assert steps(".. literalinclude:: app.py\n   :caption: app.py\n", tmp_path) == ()
