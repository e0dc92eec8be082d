"""Whole pages through pytest: what passes, what fails, and what it says then."""

import pytest

from .sample import page


def test_a_page_that_is_true(course):
    done = course(
        page(["$ pwd", ".../shipshape", "$ mkdir ../new && cd ../new"], ["$ ls"])
        + "\n.. literalinclude:: app.py\n   :caption: src/app.py\n\n"
        + page(["$ python3 src/app.py", "ahoy"], [".. console: exit 3", "$ (exit 3)"])
    )
    assert done.returncode == 0, done.stdout
    assert "docs/index.rst: 4 run, 0 marked not to be run" in done.stdout


def test_the_first_lie_ends_the_page_and_is_shown(course):
    done = course(page(["$ echo true", "true"], ["$ echo lie", "truth"], ["$ echo a"], ["$ echo b"]))
    assert done.returncode == 1
    assert "line 12: $ echo lie" in done.stdout
    assert "-truth" in done.stdout
    assert "+lie" in done.stdout
    assert "an earlier block failed, at line 10; the rest of the page was not run" in done.stdout
    assert "2 failed, 1 passed, 1 skipped" in done.stdout
    assert "docs/index.rst: 2 run, 0 marked not to be run, 2 not reached" in done.stdout


@pytest.mark.parametrize(
    ("block", "message"),
    [
        pytest.param(["$ (exit 7)"], "ended with exit code 7, the page says 0", id="exit"),
        pytest.param(["$ false", "$ true"], "ended with exit code 1, the page says 0", id="exit-within"),
        pytest.param([".. console: exit 1", "$ true"], "exit code 0, the page says 1", id="no-failure"),
        pytest.param([".. console: timeout 1", "$ echo begun; sleep 600"], "1 seconds for the block", id="deadline"),
        pytest.param([".. console: exti 1", "$ true"], "unknown remark 'exti 1'", id="remark"),
    ],
)
def test_a_block_that_fails(course, block, message):
    done = course(page(block))
    assert done.returncode == 1
    assert message in done.stdout


def test_the_deadline_shows_what_was_printed(course):
    done = course(page([".. console: timeout 1", "$ echo begun; sleep 600", "begun"]))
    assert "it had printed:\nbegun" in done.stdout


def test_a_page_that_runs_nothing_fails(course):
    done = course(page([".. console: not run: needs a window", "$ open app"]))
    assert done.returncode == 1
    assert "every console block of this page is marked not to be run" in done.stdout


def test_a_block_marked_not_to_be_run_is_counted(course):
    done = course(page([".. console: not run: needs a window", "$ open app"], ["$ true"]))
    assert done.returncode == 0
    assert "docs/index.rst: 1 run, 1 marked not to be run" in done.stdout


def test_a_page_without_console_blocks_has_no_tests(course):
    assert course("Text.\n").returncode == pytest.ExitCode.NO_TESTS_COLLECTED


def test_one_block_alone_runs_those_before_it(course):
    text = page(["$ ship=Ada"], ["$ echo $ship", "Ada"])
    done = course(text, "--deselect", "docs/index.rst::line:2,column:1")
    assert done.returncode == 0, done.stdout
    assert "1 passed, 1 deselected" in done.stdout


def test_a_page_that_uses_the_engine_is_marked(course):
    text = page(["$ cd ."], ["$ docker --version", "Docker version ..."])
    done = course(text, "-m", "not docker")
    assert done.returncode == pytest.ExitCode.NO_TESTS_COLLECTED
    assert "2 deselected" in done.stdout


@pytest.mark.parametrize(
    ("ci", "code"), [pytest.param("", 0, id="skipped"), pytest.param("true", 1, id="failed-in-ci")]
)
def test_a_page_that_needs_the_engine_where_none_answers(course, ci, code):
    done = course(page(["$ docker ps"]), DOCKER_HOST="unix:///nobody.sock", CI=ci)
    assert done.returncode == code
    assert "no container engine answers" in done.stdout


def test_a_slow_page_is_left_to_make_verify(course):
    slow = page([".. console: slow page", "$ true"], ["$ true"])
    assert course(slow, "-m", "not slow").returncode == 5  # nothing was collected
    assert "docs/index.rst: 2 run" in course(slow, "-m", "slow").stdout


def test_a_compose_file_is_saved_with_the_port_that_the_commands_use(course, tmp_path):
    (tmp_path / "docs" / "compose.yaml").write_text('services:\n  web:\n    ports:\n      - "127.0.0.1:8080:80"\n')
    saved = ".. literalinclude:: compose.yaml\n   :caption: compose.yaml\n\n"
    # Both ports of the command are swapped as well, so they agree with the file's only if it was.
    block = ["$ docker compose version", "...", "$ grep -c 127.0.0.1:8080:80 compose.yaml", "1"]
    done = course(saved + page(block))
    assert done.returncode == 0, done.stdout
